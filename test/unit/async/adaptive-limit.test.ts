// How many tasks run at a time: as many as are served.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AdaptiveLimit, type Turn } from '../../../lib/async/adaptive-limit.ts'

const forever = new AbortController().signal

/** As many turns as there are at once. */
async function takeAll(limit: AdaptiveLimit): Promise<Turn[]> {
  const turns: Turn[] = []
  while (!limit.isFull) turns.push(await limit.enter(forever))
  return turns
}

/** A row of tasks under way at once, each of which ends so. */
async function row(limit: AdaptiveLimit, end: 'served' | 'refused'): Promise<number> {
  const turns = await takeAll(limit)
  for (const turn of turns) {
    turn[end]()
    turn.leave()
  }
  return turns.length
}

describe('a limit that goes by how tasks end', () => {
  it('doubles with each row that is served, as far as it goes', async () => {
    const limit = new AdaptiveLimit({ first: 4, most: 10 })
    const rows = []
    let turns = await takeAll(limit)
    for (let at = 0; at < 4; at++) {
      rows.push(turns.length)
      const next: Turn[] = []
      for (const turn of turns) {
        turn.served()
        turn.leave()
        // Others wait already, and take the turn.
        next.push(...(await takeAll(limit)))
      }
      turns = next
    }
    assert.deepEqual(rows, [4, 8, 10, 10])
  })

  it('is no more than at first once tasks take long', async () => {
    const limit = new AdaptiveLimit({ first: 4, most: 10 })
    const [slow, ...others] = await takeAll(limit)
    for (const turn of others) turn.served()
    assert.equal((await takeAll(limit)).length, 1)
    slow?.slowed()
    assert.equal(limit.isFull, true)
    assert.equal(limit.isNarrowed, false)
  })

  it('stays where tasks come one by one', async () => {
    const limit = new AdaptiveLimit({ first: 4, most: 10 })
    for (let at = 0; at < 20; at++) {
      const turn = await limit.enter(forever)
      turn.served()
      turn.leave()
    }
    assert.equal((await takeAll(limit)).length, 4)
  })

  it('is half of it once tasks are refused, and one more after each row, as far as at first', async () => {
    const limit = new AdaptiveLimit({ first: 4, most: 10 })
    assert.equal(await row(limit, 'refused'), 4)
    assert.equal(limit.isNarrowed, true)
    const rows = []
    for (let at = 0; at < 5; at++) rows.push(await row(limit, 'served'))
    assert.deepEqual(rows, [2, 3, 4, 4, 4])
    assert.equal(limit.isNarrowed, false)
  })

  it('is halved once for all that were under way, and again for those that came later', async () => {
    const limit = new AdaptiveLimit({ first: 8, most: 8 })
    const [first, second, ...others] = await takeAll(limit)
    first?.refused()
    second?.refused()
    for (const turn of [first, second, ...others.splice(0, 3)]) turn?.leave()
    const later = await takeAll(limit)
    assert.deepEqual([others.length, later.length], [3, 1])
    others[0]?.refused()
    later[0]?.refused()
    for (const turn of [...others, ...later]) turn.leave()
    assert.equal((await takeAll(limit)).length, 2)
  })

  it('is tried at one more after twice as many rows each time that this was too many', async () => {
    const limit = new AdaptiveLimit({ first: 4, most: 4 })
    await row(limit, 'refused')
    const waits = []
    for (let at = 0; at < 7; at++) {
      let rows = 0
      // At most two at a time are served, and the third is too many.
      while ((await row(limit, 'served')) < 3) rows++
      const turns = await takeAll(limit)
      turns.at(-1)?.refused()
      for (const turn of turns) turn.leave()
      waits.push(rows)
    }
    // From two at a time, then from one: so many rows for each one more.
    assert.deepEqual(waits, [1, 2, 4 + 4, 8 + 8, 16 + 16, 16 + 16, 16 + 16])
  })

  it('of one task that is refused alone is not less', async () => {
    const limit = new AdaptiveLimit({ first: 3, most: 3 })
    const turn = await limit.enter(forever)
    turn.refused()
    turn.leave()
    assert.equal((await takeAll(limit)).length, 3)
  })
})
