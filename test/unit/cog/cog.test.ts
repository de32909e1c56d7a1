// Tiles of a level: asked for together, each unpacked as soon as it has come.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { type Level, openCog } from '../../../lib/cog/cog.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import type { RandomAccess, RasterBytes } from '../../../lib/model/bytes.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { memoryFile } from '../../harness/memory-file.ts'
import { sceneFile } from '../../harness/scenes.ts'

const signal = new AbortController().signal
const tiles = [0, 1, 2, 3]

/** The full resolution of a real file; `answer` decides what becomes of each read of tiles, counted from 0. */
async function levelWith(answer: (count: number) => Promise<void>): Promise<Level> {
  const memory = new MemoryBlocks()
  const cid = await memory.add(await sceneFile('l8-c2l1-corumba-before', 'red'))
  const source = { name: 'memory', get: async (asked: typeof cid) => memory.get(asked) }
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [source], network, cacheBytes: 0 })
  const file = await openFile(cid, blocks, new ReadSession(), signal)
  let count = Number.NEGATIVE_INFINITY
  const watched: RandomAccess = {
    size: file.size,
    isLent: false,
    async readAll(ranges, stop) {
      await answer(count++)
      return file.readAll(ranges, stop)
    },
  }
  const [level] = (await openCog(watched, signal)).levels
  // Where the tiles lie is known now, so every read from here is one of tiles.
  await level.tileRanges(tiles, signal)
  count = 0
  return level
}

describe('the tiles of one request', () => {
  it('are handed out while the first of them is still on its way', async () => {
    const first = Promise.withResolvers<void>()
    const level = await levelWith(async (count) => {
      if (count === 0) await first.promise
    })
    const used: number[] = []
    const others = Promise.withResolvers<void>()
    const reading = level.readTiles(
      tiles,
      (_, index) => {
        used.push(index)
        if (used.length === 3) others.resolve()
        return undefined
      },
      signal,
    )
    await others.promise
    first.resolve()
    await reading
    assert.deepEqual(new Set(used), new Set(tiles))
    assert.equal(used.at(-1), 0)
  })

  it('fail together, with the first fault', async () => {
    const fault = new Error('no such block')
    const level = await levelWith(async (count) => {
      if (count >= 2) throw fault
    })
    await assert.rejects(
      level.readTiles(tiles, () => undefined, signal),
      fault,
    )
  })
})

describe('the packed bytes of a tile', () => {
  for (const isLent of [false, true]) {
    it(isLent ? 'stay where others may read them, too' : 'are freed once it is used', async () => {
      const file = memoryFile(await sceneFile('l8-c2l1-corumba-before', 'red'))
      const read: RasterBytes[] = []
      const watched: RandomAccess = {
        size: file.size,
        isLent,
        async readAll(ranges, stop) {
          const pieces = await file.readAll(ranges, stop)
          read.push(...pieces)
          return pieces
        },
      }
      const [level] = (await openCog(watched, signal)).levels
      await level.tileRanges(tiles, signal)
      const header = read.splice(0)
      await level.readTiles(tiles, () => undefined, signal)
      assert.equal(read.length, tiles.length)
      for (const { length } of read) assert.equal(length > 0, isLent)
      for (const { length } of header) assert.ok(length > 0)
    })
  }
})
