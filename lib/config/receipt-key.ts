// RECEIPT_KEY: the private key that receipts are signed with.

import type { KeyObject } from 'node:crypto'
import type { Reader } from './readers.ts'

/**
 * PKCS#8 of an Ed25519 key (RFC 8410) as its DER in base64, which is also the one line of its PEM; given as either.
 * null = none
 */
export const readReceiptKey: Reader<string | null> = (env, name) => {
  const given = env.text(name)
  if (given === undefined) return null
  const key = parseKey(given)
  if (key?.asymmetricKeyType === 'ed25519')
    return key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  env.refuse(
    `${name} must be an Ed25519 private key in PKCS#8, as PEM or as its DER in base64: \`openssl genpkey -algorithm ed25519\` makes one.`,
    name,
  )
  return null
}

function parseKey(given: string): KeyObject | null {
  // Loaded with a key: whoever has none does not wait for it.
  const { createPrivateKey } = process.getBuiltinModule('node:crypto')
  try {
    // Files of variables and consoles of clouds write the ends of its lines as \n.
    if (given.startsWith('-----')) return createPrivateKey(given.replaceAll(String.raw`\n`, '\n'))
    const key = Buffer.from(given, 'base64')
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } catch {
    return null
  }
}
