// A tile is decoded from bytes that others may read as well: the front of a file, a request for two readers at once.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { createTileDecoder, type TilePacking } from '../../../lib/cog/tile-decoder.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const { signal } = new AbortController()

const plain: TilePacking = {
  format: { kind: 'uint', bits: 16 },
  width: 4,
  height: 1,
  interleaved: 1,
  compression: 1,
  predictor: 1,
  littleEndian: true,
  fillOrder: 1,
  lercPacking: 0,
}
const numbers = [1, 258, 259, 65_535]
/** The same as differences, modulo 2^16. */
const differences = [1, 257, 1, 65_276]

function bytesOf(values: readonly number[], littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 * values.length))
  values.forEach((value, at) => view.setUint16(2 * at, value, littleEndian))
  return new Uint8Array(view.buffer)
}

const reversed = (byte: number) =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').toReversed().join(''), 2)

const packings: readonly (readonly [
  name: string,
  Partial<TilePacking>,
  Uint8Array<ArrayBuffer>,
])[] = [
  ['as it is', {}, bytesOf(numbers, true)],
  ['big-endian', { littleEndian: false }, bytesOf(numbers, false)],
  ['as differences', { predictor: 2 }, bytesOf(differences, true)],
  [
    'as differences, big-endian',
    { predictor: 2, littleEndian: false },
    bytesOf(differences, false),
  ],
  ['with the lowest bit first', { fillOrder: 2 }, bytesOf(numbers, true).map(reversed)],
  [
    'deflated, with the lowest bit first',
    { compression: 8, fillOrder: 2 },
    Uint8Array.from(deflateSync(bytesOf(numbers, true))).map(reversed),
  ],
]

describe('a tile that is decoded twice of the same bytes', () => {
  for (const [name, packing, bytes] of packings) {
    it(`is the same each time: ${name}`, async () => {
      const packed = verifyBlock(cidOfBlock(RAW, bytes), bytes)
      assert.ok(packed !== null)
      const before = bytes.slice()
      const decoder = createTileDecoder({ ...plain, ...packing }, 0)
      for (let reader = 0; reader < 2; reader++) {
        assert.deepEqual([...(await decoder.decode(packed, signal))], numbers)
      }
      assert.deepEqual(bytes, before)
    })
  }
})
