// What is opened once for all who want it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Shelf } from '../../../lib/async/shelf.ts'

const signal = new AbortController().signal

function shelfOf(most: number) {
  const clock = { now: 0, elapsed: () => clock.now }
  const opened: string[] = []
  const shelf = new Shelf<string>({ most, mostMs: 1000, clock })
  const take = (key: string, by = signal) =>
    shelf.take(
      key,
      async (stop) => {
        opened.push(key)
        await new Promise((resolve) => setImmediate(resolve))
        stop.throwIfAborted()
        return `${key} ${opened.length}`
      },
      by,
    )
  return { clock, opened, shelf, take }
}

describe('a shelf', () => {
  it('opens a thing once, however many ask at the time and after it', async () => {
    const { opened, take } = shelfOf(2)
    assert.deepEqual(await Promise.all([take('a'), take('a')]), ['a 1', 'a 1'])
    assert.equal(await take('a'), 'a 1')
    assert.deepEqual(opened, ['a'])
  })

  it('keeps those that were used last', async () => {
    const { opened, take } = shelfOf(2)
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await take(key)
    assert.deepEqual(opened, ['a', 'b', 'c', 'b'])
  })

  it('lets go of what is old, however often it was used, and of what was dropped', async () => {
    const { clock, opened, shelf, take } = shelfOf(2)
    for (clock.now = 0; clock.now < 1000; clock.now += 250) await take('a')
    assert.equal(opened.length, 1)
    clock.now = 1000
    await take('a')
    assert.equal(opened.length, 2)
    shelf.drop('a')
    await take('a')
    assert.equal(opened.length, 3)
  })

  it('goes on for others when one gives up, and ends when the last one does', async () => {
    const { opened, take } = shelfOf(2)
    const [one, other] = [new AbortController(), new AbortController()]
    const gone = take('a', one.signal)
    const stays = take('a', other.signal)
    one.abort(new Error('enough'))
    await assert.rejects(gone, /enough/)
    assert.equal(await stays, 'a 1')
    const alone = take('b', one.signal)
    await assert.rejects(alone, /enough/)
    assert.deepEqual(opened, ['a'])
  })

  it('does not keep a failure', async () => {
    const { shelf } = shelfOf(2)
    let tries = 0
    const open = async () => {
      tries++
      if (tries === 1) throw new Error('not yet')
      return 'there'
    }
    await assert.rejects(shelf.take('a', open, signal), /not yet/)
    assert.equal(await shelf.take('a', open, signal), 'there')
  })
})
