// What a file is that is asked for without a name, by its first bytes: none of these types is run by a browser.

import { mediaTypeOf } from '../../publish/media-types.ts'

/** How files begin, in hexadecimal, by the name that has their media type. */
const beginnings: Readonly<Record<string, RegExp>> = {
  'figure.png': /^89504e470d0a1a0a/,
  // Little- or big-endian, classic or BigTIFF.
  'ndvi.tif': /^(49492a00|4d4d002a|49492b00|4d4d002b)/,
}

/** @param bytes all of the file */
export function typeOfBytes(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  for (const [name, beginning] of Object.entries(beginnings)) {
    if (beginning.test(start)) return mediaTypeOf(name)
  }
  return mediaTypeOf(isJson(bytes) ? '.json' : '')
}

/** What JSON may have around it: space, tab and ends of lines. */
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])

function isJson(bytes: Uint8Array): boolean {
  // Most blocks are seen at their ends to be none: read as text, a mebibyte of pixels holds the process up for 30 ms.
  const first = bytes.find((byte) => !BLANK.has(byte))
  const last = bytes.findLast((byte) => !BLANK.has(byte))
  const ends = String.fromCharCode(first ?? 0, last ?? 0)
  if (ends !== '{}' && ends !== '[]') return false
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return true
  } catch {
    return false
  }
}
