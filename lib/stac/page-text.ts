// Reads documents of other servers: one at once, a page of a search one member after the other, in turns.

import { inTurns } from '../async/turns.ts'
import { namesFault, shapeFault, shapeNow, shapeOf, unevenFault } from '../model/json-shape.ts'
import { jsonFaultOf, parseJsonText } from '../model/json-text.ts'

/** Bytes of one document: the largest item seen is 53 KB. */
export const MOST_OF_ONE = 1024 * 1024
/** Members of a page: servers that ignore the limit of a search give all they have. */
export const MOST_MEMBERS = 1000

/** Why a text is not read, in words that follow its address. */
export class UnreadText extends Error {
  override readonly name = 'UnreadText'
  readonly isTooLarge: boolean

  constructor(message: string, isTooLarge = false, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.isTooLarge = isTooLarge
  }
}

/** @throws {UnreadText} */
export function readDocument(bytes: Uint8Array): unknown {
  refuse(shapeFault(shapeNow(bytes)))
  return parsed(bytes, 'it')
}

/**
 * A page of a search: its first features, and all else that it says. Each of them, and all else together, is no longer
 * than one document.
 *
 * @throws {UnreadText}
 */
export function readPageText(bytes: Uint8Array, signal: AbortSignal): Promise<unknown> {
  return inTurns(pageIn(bytes), signal)
}

function* pageIn(bytes: Uint8Array): Generator<undefined, unknown, undefined> {
  const shape = yield* shapeOf(bytes, { name: 'features', most: MOST_MEMBERS })
  refuse(unevenFault(shape))
  if (shape.list === null) return parsed(bytes, 'it')
  const { inner, members } = shape.list
  const around = Buffer.concat([bytes.subarray(0, inner.from), bytes.subarray(inner.to)])
  const page = parsed(around, 'what it says beside its features')
  const features: unknown[] = []
  for (const [at, { from, to, names }] of members.entries()) {
    yield
    refuse(namesFault(names), ` in its feature ${at + 1}`)
    features.push(parsed(bytes.subarray(from, to), `its feature ${at + 1}`))
  }
  return { ...Object(page), features }
}

function refuse(fault: string | null, where = ''): void {
  if (fault !== null) throw new UnreadText(`${fault}${where}`)
}

function parsed(bytes: Uint8Array, what: string): unknown {
  if (bytes.length > MOST_OF_ONE) {
    throw new UnreadText(`has more than ${MOST_OF_ONE} bytes in ${what}`, true)
  }
  const text = new TextDecoder().decode(bytes)
  try {
    return parseJsonText(text)
  } catch (cause) {
    throw new UnreadText(`is not JSON: ${jsonFaultOf(cause, text)}`, false, { cause })
  }
}
