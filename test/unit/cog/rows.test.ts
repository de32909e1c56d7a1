// Samples at chosen rows and columns of a level, whatever its tiles and whatever the order in which they come.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSamples, tilesFor } from '../../../lib/cog/rows.ts'
import { memoryLevel } from '../../harness/level.ts'
import { randomFrom } from '../../harness/random.ts'

const signal = new AbortController().signal
const level = memoryLevel({ width: 50, height: 43, tile: 16 })

/** Ascending positions, some of them twice, some left out. */
function positions(size: number, seed: number): Int32Array {
  const random = randomFrom(seed)
  const count = random.whole(1, 2 * size)
  return Int32Array.from({ length: count }, () => random.whole(0, size - 1)).toSorted()
}

describe('samples', () => {
  it('are those of every row and column asked, on random grids', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const [rowsAt, colsAt] = [positions(43, seed), positions(50, seed + 100)]
      const samples = await readSamples(level, rowsAt, colsAt, signal)
      const expected = Array.from(rowsAt).flatMap((row) =>
        Array.from(colsAt, (col) => row * 50 + col),
      )
      assert.deepEqual([...samples], expected, `seed ${seed}`)
    }
  })

  it('of each pixel twice, as a finer grid reads a coarser band', async () => {
    const twice = (size: number) =>
      Int32Array.from({ length: 2 * size }, (_, i) => Math.floor(i / 2))
    const samples = await readSamples(level, twice(43), twice(50), signal)
    assert.equal(samples.length, 4 * 43 * 50)
    assert.deepEqual(samples.slice(0, 5), Uint16Array.of(0, 0, 1, 1, 2))
    assert.equal(samples.at(-1), 43 * 50 - 1)
  })

  it('come from the tiles that hold them and from no other', async () => {
    const read: number[] = []
    const watched = memoryLevel({
      width: 50,
      height: 43,
      tile: 16,
      before: async (index) => void read.push(index),
    })
    await readSamples(watched, Int32Array.of(15, 16), Int32Array.of(3, 49), signal)
    assert.deepEqual(read, [0, 3, 4, 7])
    assert.deepEqual(tilesFor(level, Int32Array.of(0, 42), Int32Array.of(20)), [1, 9])
  })

  it('are the same in whatever order the tiles come', async () => {
    const [rowsAt, colsAt] = [positions(43, 7), positions(50, 8)]
    const straight = await readSamples(level, rowsAt, colsAt, signal)
    for (let seed = 1; seed <= 8; seed++) {
      const random = randomFrom(seed)
      const wait = async () => {
        for (let turns = random.whole(0, 20); turns > 0; turns--) await Promise.resolve()
      }
      const shuffled = memoryLevel({ width: 50, height: 43, tile: 16, before: wait })
      assert.deepEqual(await readSamples(shuffled, rowsAt, colsAt, signal), straight)
    }
  })
})
