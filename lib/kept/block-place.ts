// Where a block lies in a file that is kept whole: what is kept in the block's stead.

/** Bytes of an object of the store. */
export interface BlockPlace {
  /** Of the object. */
  readonly key: string
  readonly offset: number
  readonly length: number
}

/** No key that is made here comes near it. */
const MOST_BYTES = 1024
const BEGIN = '{"key":"'

export function encodePlace({ key, offset, length }: BlockPlace): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ key, offset, length }))
}

/** null for any other bytes. A block may look like a place: whether it is one, its hash tells. */
export function decodePlace(bytes: Uint8Array): BlockPlace | null {
  if (bytes.length > MOST_BYTES) return null
  const text = new TextDecoder().decode(bytes)
  if (!text.startsWith(BEGIN)) return null
  const match = /^\{"key":"([A-Za-z0-9._/-]+)","offset":(\d{1,15}),"length":(\d{1,15})\}$/.exec(
    text,
  )
  if (match === null) return null
  return { key: match[1] ?? '', offset: Number(match[2]), length: Number(match[3]) }
}

/** Whether so few bytes may be a place. */
export function mayBePlace(size: number): boolean {
  return size <= MOST_BYTES
}
