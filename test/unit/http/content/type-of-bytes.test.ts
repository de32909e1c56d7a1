// The media type of a file without a name.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { typeOfBytes } from '../../../../lib/http/content/type-of-bytes.ts'

const fixture = (name: string) => readFile(new URL(`../../../fixtures/${name}`, import.meta.url))
const text = (value: string) => new TextEncoder().encode(value)

const rows: readonly (readonly [name: string, bytes: Uint8Array, type: RegExp])[] = [
  ['a figure', await fixture('figure.png'), /^image\/png$/],
  ['a GeoTIFF', await fixture('scenes/l9-c2l2-manaus/red.tif'), /^image\/tiff/],
  ['an item', text('\n {"type":"Feature"}'), /^application\/json$/],
  ['a list in lines', text('[1,\r\n2]\r\n'), /^application\/json$/],
  ['what begins like one', text('{"type":'), /octet-stream/],
  ['what begins and ends like one', text('{\0}'), /octet-stream/],
  ['blanks alone', text(' \n'), /octet-stream/],
  ['a page', text('<!doctype html><script>alert(1)</script>'), /octet-stream/],
  ['a drawing', text('<svg onload="alert(1)"/>'), /octet-stream/],
  ['nothing', text(''), /octet-stream/],
]
for (const [name, bytes, type] of rows) {
  it(`${name} is ${String(type)}`, () => assert.match(typeOfBytes(bytes), type))
}
