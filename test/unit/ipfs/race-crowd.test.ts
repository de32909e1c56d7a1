// More blocks at once than one source takes: its line, what a crowd is told, and who takes the rest. Time is virtual.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BlockRace, type Entry } from '../../../lib/ipfs/race.ts'
import type { BlockSource } from '../../../lib/ipfs/source.ts'
import type { Cid } from '../../../lib/ipld/cid.ts'
import { SourceFailure } from '../../../lib/model/source-failure.ts'
import { cid, contents, fail, forever, manyBlocks, serve, startWorld } from './race-world.ts'

describe('many blocks at once', () => {
  it('a source has at most eight requests at a time, and every block comes', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', serve(100))
    const race = new BlockRace([a], clock)
    const { value, ms } = await run(
      Promise.all(manyBlocks(40).map((block) => race.get(block, forever))),
    )
    assert.equal(a.most, 8)
    assert.equal(value.length, 40)
    assert.ok(ms >= 500 && ms < 600, `${ms} ms`)
  })

  it('a source that refuses a crowd gets half as many at a time, and every block comes', async (t) => {
    const { clock, run } = startWorld(t)
    const seen = { running: 0, most: 0, refused: 0 }
    /** As Kubo with `Gateway.MaxConcurrentRequests` of two. */
    const strict: BlockSource = {
      name: 'strict',
      async get(asked, signal) {
        seen.most = Math.max(seen.most, ++seen.running)
        try {
          await clock.sleep(20, signal)
          if (seen.running <= 2) return contents.get(asked.toString()) ?? null
          seen.refused++
          throw new SourceFailure('strict', 'busy', 'HTTP 429', { retryAfterMs: 60_000 })
        } finally {
          seen.running--
        }
      },
    }
    const race = new BlockRace([strict], clock)
    const reads = manyBlocks(60).map((block) => race.get(block, forever))
    const { value, ms } = await run(Promise.all(reads))
    assert.equal(value.length, 60)
    assert.equal(seen.most, 8)
    assert.ok(seen.refused < 60, `${seen.refused} refused`)
    assert.ok(ms < 10_000, `${ms} ms`)
  })

  it('waiting in our own line does not make a source slow', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b] = [source('a', serve(100)), source('b', serve(400))]
    const race = new BlockRace([a, b], clock)
    await run(Promise.all(manyBlocks(40).map((block) => race.get(block, forever))))
    log.length = 0
    assert.equal((await run(race.get(cid, forever))).value.source, 'a')
    assert.equal(log.length, 1)
  })
})

describe('a file of many blocks', () => {
  const most = 8

  it('comes from all sources that have it, each within its own bound', async (t) => {
    const { clock, source, run } = startWorld(t)
    const sources = ['a', 'b', 'c'].map((name) => source(name, serve(100)))
    const race = new BlockRace(sources, clock)
    const [root, ...leaves] = manyBlocks(97)
    assert.ok(root)
    const entry = { root, mirrors: [] }
    await run(race.get(root, forever, entry))
    const { ms } = await run(readInTurn(race, leaves, 3 * most, entry))
    assert.deepEqual(
      sources.map((each) => each.most),
      [most, most, most],
    )
    // 96 blocks, 24 at a time; the first of each other source shows that it has the file.
    assert.ok(ms <= 600, `${ms} ms`)
    const [a, ...others] = sources
    for (const other of others) assert.ok(other.asked >= 20, `${other.name}: ${other.asked}`)
    assert.ok(a && a.asked <= 50, `a: ${a?.asked}`)
  })

  it('is tried once at a source that lacks it, and no block waits for that', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', serve(100)), source('b', fail('absent', 500))]
    const race = new BlockRace([a, b], clock)
    const [root, ...leaves] = manyBlocks(41)
    assert.ok(root)
    const entry = { root, mirrors: [] }
    await run(race.get(root, forever, entry))
    const { ms } = await run(readInTurn(race, leaves, 16, entry))
    assert.deepEqual([a.most, b.asked], [most, 1])
    assert.ok(ms <= 520, `${ms} ms`)
  })

  it('is asked of one source while that has enough to do', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', serve(100)), source('b', serve(100))]
    const race = new BlockRace([a, b], clock)
    const [root, ...leaves] = manyBlocks(33)
    assert.ok(root)
    const entry = { root, mirrors: [] }
    await run(race.get(root, forever, entry))
    await run(readInTurn(race, leaves, most, entry))
    assert.deepEqual([a.asked, b.asked], [33, 0])
  })

  it('goes on at the others when one that has it fails', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', ...Array.from({ length: 20 }, () => serve(100)), fail('broken'))
    const b = source('b', serve(100))
    const race = new BlockRace([a, b], clock)
    const [root, ...leaves] = manyBlocks(61)
    assert.ok(root)
    const entry = { root, mirrors: [] }
    await run(race.get(root, forever, entry))
    const { value } = await run(readInTurn(race, leaves, 16, entry))
    assert.equal(value, 60)
    assert.ok(a.asked <= 40, `${a.asked} times`)
  })
})

/** So many at a time. @returns how many came */
async function readInTurn(
  race: BlockRace,
  leaves: readonly Cid[],
  atOnce: number,
  entry: Entry,
): Promise<number> {
  const left = leaves.values()
  let came = 0
  const read = async () => {
    for (const leaf of left) {
      await race.get(leaf, forever, entry)
      came++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, read))
  return came
}
