// Turns at one server: how many there are, by what it answers and how long that takes.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ServerLines, type ServerTurn } from '../../../lib/net/server-lines.ts'

const time = { now: 0 }
const open = () => new ServerLines({ first: 2, most: 5 }, { elapsed: () => time.now })
const host = 'https://a.example'

/** Turns that are there at once. */
async function takeAll(lines: ServerLines): Promise<ServerTurn[]> {
  const turns: ServerTurn[] = []
  for (;;) {
    const gone = new AbortController()
    const entering = lines.enter(host, gone.signal).catch(() => null)
    setImmediate(() => gone.abort())
    const turn = await entering
    if (turn === null) return turns
    turns.push(turn)
  }
}

/** Answers to all turns that there are, each after so long. @returns how many there were */
async function answerAll(lines: ServerLines, status: number, ms: number): Promise<number> {
  const turns = await takeAll(lines)
  time.now += ms
  for (const turn of turns) {
    turn.answered(status)
    turn.leave()
  }
  return turns.length
}

describe('turns at a server', () => {
  it('become more while it answers quickly, and are as at first once it does not', async () => {
    const lines = open()
    const counts = []
    for (const ms of [10, 1_000, 10, 1_001, 2_000]) counts.push(await answerAll(lines, 206, ms))
    assert.deepEqual(counts, [2, 3, 4, 5, 2])
  })

  it('are half as many once it says that there are too many, and no more than at first', async () => {
    for (const status of [429, 503]) {
      const lines = open()
      const counts = [await answerAll(lines, 206, 1), await answerAll(lines, status, 1)]
      for (let at = 0; at < 5; at++) counts.push(await answerAll(lines, 206, 1))
      assert.deepEqual(counts, [2, 3, 1, 2, 2, 2, 2])
    }
  })

  it('count once, however often they are left', async () => {
    const lines = open()
    const [first, second] = await takeAll(lines)
    first?.answered(206)
    for (let at = 0; at < 3; at++) first?.leave()
    const [third, fourth] = await takeAll(lines)
    for (let at = 0; at < 3; at++) first?.leave()
    for (const turn of [second, third, fourth]) turn?.leave()
    assert.equal((await takeAll(lines)).length, 3)
  })

  it('are as they were after any other answer, and after none', async () => {
    const lines = open()
    const [first, second] = await takeAll(lines)
    first?.leave()
    second?.leave()
    assert.equal((await takeAll(lines)).length, 2)
  })
})
