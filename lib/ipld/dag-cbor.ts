// Links in DAG-CBOR documents: the only door to @ipld/dag-cbor, loaded when such a document is met.

import { describeError, GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type Cid, isCidValue } from './cid.ts'

/** Multicodec code, https://ipld.io/specs/codecs/dag-cbor/spec/ */
export const DAG_CBOR = 0x71

/** Steps into a document until a link; `rest` is what the path still has to go from there. */
export interface CborLink {
  readonly cid: Cid
  readonly rest: readonly string[]
}

/**
 * The first link that a path meets in a document; null where the path ends or leads nowhere before one.
 *
 * @throws {GreenprintError} `content_unusable` for bytes that are not DAG-CBOR
 */
export async function cborLinkAt(
  cid: Cid,
  block: VerifiedBytes,
  path: readonly string[],
): Promise<CborLink | null> {
  let value = await decodeCbor(cid, block)
  for (const [index, name] of path.entries()) {
    value = childOf(value, name)
    if (isCidValue(value)) return { cid: value, rest: path.slice(index + 1) }
  }
  return null
}

/**
 * Every link of a document, in the order of its encoding. @throws {GreenprintError} `content_unusable` as
 * `cborLinkAt`
 */
export async function cborLinks(cid: Cid, block: VerifiedBytes): Promise<Cid[]> {
  const found: Cid[] = []
  const stack = [await decodeCbor(cid, block)]
  while (stack.length > 0) {
    const value = stack.pop()
    if (isCidValue(value)) found.push(value)
    else stack.push(...childrenOf(value).toReversed())
  }
  return found
}

/** The document as it is. @throws {Error} for bytes that are not DAG-CBOR */
export async function decodeDagCbor(bytes: Uint8Array): Promise<unknown> {
  const { decode } = await import('@ipld/dag-cbor')
  return decode(bytes)
}

async function decodeCbor(cid: Cid, block: VerifiedBytes): Promise<unknown> {
  try {
    return await decodeDagCbor(block)
  } catch (cause) {
    const message = `${cid.toString()} is not the DAG-CBOR that it names: ${describeError(cause)}.`
    throw new GreenprintError('content_unusable', message, { cause })
  }
}

function childOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^(0|[1-9]\d{0,8})$/.test(name) ? value[Number(name)] : undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function childrenOf(value: unknown): unknown[] {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return []
  return Array.isArray(value) ? value : Object.values(value)
}
