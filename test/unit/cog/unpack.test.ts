// LZW and PackBits, byte by byte: what they mean, where they end, and that damage fills no memory.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inTurns } from '../../../lib/async/turns.ts'
import { unpackLzw, unpackPackBits } from '../../../lib/cog/unpack.ts'
import { noise } from '../../harness/blocks.ts'

const never = new AbortController().signal
const lzw = (packed: Uint8Array, most: number) => inTurns(unpackLzw(packed, most), never)
const packBits = (packed: Uint8Array, most: number) => inTurns(unpackPackBits(packed, most), never)

const CLEAR = 256
const END = 257

/** Packs codes of nine bits, the highest bit first. */
function pack(...codes: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('')
  const bytes = bits.match(/.{1,8}/g) ?? []
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
}

describe('LZW', () => {
  const rows = [
    [
      'the example of the TIFF specification',
      [CLEAR, 7, 258, 8, 8, 258, 6, END],
      [7, 7, 7, 8, 8, 7, 7, 6],
    ],
    ['single bytes', [CLEAR, 1, 2, 3, END], [1, 2, 3]],
    [
      'a string that goes on in itself',
      [CLEAR, 5, 258, 259, 260, END],
      Array.from({ length: 10 }, () => 5),
    ],
    ['a code for two bytes', [CLEAR, 1, 2, 258, END], [1, 2, 1, 2]],
    ['new codes after a clear', [CLEAR, 1, 2, CLEAR, 3, 4, 258, END], [1, 2, 3, 4, 3, 4]],
    ['no clear at the start', [1, 2, END], [1, 2]],
    ['two clears', [CLEAR, CLEAR, 9, END], [9]],
    ['no end', [CLEAR, 1, 2], [1, 2]],
    ['nothing', [CLEAR, END], []],
  ] as const
  for (const [name, codes, bytes] of rows) {
    it(`unpacks ${name}`, async () => {
      assert.deepEqual([...(await lzw(pack(...codes), 100))], bytes)
    })
  }

  it('of no bytes at all is nothing', async () => {
    assert.equal((await lzw(new Uint8Array(0), 100)).length, 0)
  })

  it('stops at the end of the tile, in the middle of a string too', async () => {
    const packed = pack(CLEAR, 5, 258, 259, 260, 261, END)
    assert.deepEqual([...(await lzw(packed, 4))], [5, 5, 5, 5])
    assert.deepEqual([...(await lzw(packed, 0))], [])
  })

  it('refuses the codes of before TIFF 5.0, which run the other way', async () => {
    await assert.rejects(lzw(Uint8Array.of(0, 1, 2), 100), /before TIFF 5.0/)
  })

  it('refuses a code that has no meaning yet', async () => {
    for (const codes of [
      [CLEAR, 300],
      [CLEAR, 258],
      [CLEAR, 1, 259],
      [CLEAR, 1, CLEAR, 258],
    ]) {
      await assert.rejects(lzw(pack(...codes), 100), /LZW code \d+ has no meaning yet/)
    }
  })

  it('of noise ends, with at most what was asked for', async () => {
    for (let seed = 1; seed < 200; seed++) {
      try {
        assert.ok((await lzw(noise(3_000, seed), 4_096)).length <= 4_096)
      } catch (error) {
        assert.ok(error instanceof RangeError)
      }
    }
  })
})

describe('PackBits', () => {
  const packed = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

  it('unpacks the example of the TIFF specification', async () => {
    const plain = await packBits(packed('FE AA 02 80 00 2A FD AA 03 80 00 2A 22 F7 AA'), 100)
    const expected = 'aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa'
    assert.equal(Buffer.from(plain).toString('hex'), expected)
  })

  it('takes -128 for nothing', async () => {
    assert.deepEqual([...(await packBits(packed('80 00 07 80 FF 08'), 100))], [7, 8, 8])
  })

  it('stops at the end of the tile', async () => {
    assert.deepEqual([...(await packBits(packed('81 05'), 3))], [5, 5, 5])
    assert.deepEqual([...(await packBits(packed('03 01 02 03 04'), 2))], [1, 2])
  })

  it('takes what there is of a stretch that was cut short', async () => {
    assert.deepEqual([...(await packBits(packed('05 01 02'), 100))], [1, 2])
  })
})
