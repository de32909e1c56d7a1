// The refusal of an upload service as one sentence that says what to do, without keys or proofs.

import { causesOf, GreenprintError } from '../../errors.ts'
import { W3upSilence } from './w3up-transport.ts'

/** `publishing_failed` for anything thrown while talking to the service at `host`. */
export function explainW3upFailure(error: unknown, host: string): GreenprintError {
  return new GreenprintError('publishing_failed', sentence(error, host), { cause: error })
}

function sentence(error: unknown, host: string): string {
  const chain = causesOf(error)
  const silence = chain.find((cause) => cause instanceof W3upSilence)
  if (silence !== undefined) {
    return `The upload service at ${host} could not be reached (${silence.message}): check W3UP_URL and whether it is in service.`
  }
  const names = chain.map(nameOf)
  for (const [name, tell] of Object.entries(refusals)) {
    if (names.includes(name)) return tell(host)
  }
  const name = names.findLast((each) => /^[A-Za-z]{1,60}$/.test(each)) ?? 'unknown error'
  return `The upload service at ${host} refused (${name}).`
}

/** By the name of the error that the service put into its receipt. */
const refusals: Readonly<Record<string, (host: string) => string>> = {
  InvalidAudience: (host) =>
    `W3UP_DID is not the DID of the upload service at ${host}: correct it.`,
  Unauthorized: (host) =>
    `The upload service at ${host} does not accept W3UP_KEY with W3UP_PROOF: the proof may have expired or been revoked, or lack space/blob/add, space/index/add or upload/add.`,
  InsufficientStorage: (host) =>
    `The space of W3UP_PROOF has no storage at ${host}: provision it, or use a proof for a space that is.`,
  ServiceUnavailable: (host) =>
    `The upload service at ${host} has switched off writing: publish to another service.`,
}

/** Errors from receipts are plain objects. */
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
}
