// Tiles that are unpacked once, and held up to so many bytes.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cog, Level } from '../../../lib/cog/cog.ts'
import { readSamples } from '../../../lib/cog/rows.ts'
import { TileCache, withTileCache } from '../../../lib/cog/tile-cache.ts'
import { cogOf, sceneFile } from '../../harness/scenes.ts'

const signal = new AbortController().signal
const plain = await cogOf(await sceneFile('l9-c2l2-manaus', 'red'))
const full = plain.levels[0]
const rows = Int32Array.from({ length: full.height }, (_, at) => at)
const cols = Int32Array.from({ length: full.width }, (_, at) => at)

function counted(cache: TileCache): { readonly level: Level; readonly read: number[] } {
  const read: number[] = []
  const level: Level = {
    ...full,
    readTiles: async (indices, use, stop) => {
      read.push(...indices)
      await full.readTiles(indices, use, stop)
    },
  }
  const cog: Cog = withTileCache({ ...plain, levels: [level] }, cache)
  return { level: cog.levels[0], read }
}

describe('a level with a cache', () => {
  it('gives the same samples, and reads each tile once for all who want it', async () => {
    const { level, read } = counted(new TileCache(64 * 1024 * 1024))
    const expected = await readSamples(full, rows, cols, signal)
    const both = await Promise.all([
      readSamples(level, rows, cols, signal),
      readSamples(level, rows, cols, signal),
    ])
    for (const samples of [...both, await readSamples(level, rows, cols, signal)])
      assert.ok(Buffer.from(samples.buffer).equals(Buffer.from(expected.buffer)))
    assert.equal(read.length, 8)
    assert.equal(new Set(read).size, 8)
  })

  it('forgets the tiles that were used longest ago', async () => {
    const tile = full.tileWidth * full.tileHeight * 2
    const { level, read } = counted(new TileCache(3.9 * tile))
    for (const index of [0, 1, 2, 0, 3, 0, 1])
      await level.readTiles([index], () => undefined, signal)
    assert.deepEqual(read, [0, 1, 2, 3, 1])
  })

  it('tells nobody of a failure twice', async () => {
    const broken: Level = {
      ...full,
      readTiles: async () => {
        throw new Error('damaged')
      },
    }
    const { levels } = withTileCache({ ...plain, levels: [broken] }, new TileCache(1))
    await assert.rejects(
      levels[0].readTiles([0, 1], () => undefined, signal),
      /damaged/,
    )
  })
})
