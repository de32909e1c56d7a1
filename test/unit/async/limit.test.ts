// At most so many tasks at a time: their order, and slots that are never lost.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createLimit } from '../../../lib/async/limit.ts'

const signal = new AbortController().signal

/** A task that tells when it starts and ends when told. */
function task(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return {
    run: async () => {
      log.push(name)
      return promise
    },
    finish: () => resolve(name),
    fail: () => reject(new Error(`${name} failed`)),
  }
}

describe('a limit of two', () => {
  it('starts two at once and the others in the order in which they came', async () => {
    const limit = createLimit(2)
    const log: string[] = []
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(name, log))
    const runs = tasks.map(({ run }) => limit.run(run, signal))
    await turn()
    assert.deepEqual(log, ['a', 'b'])
    tasks[1]?.finish()
    await turn()
    assert.deepEqual(log, ['a', 'b', 'c'])
    tasks[0]?.finish()
    await turn()
    assert.deepEqual(log, ['a', 'b', 'c', 'd'])
    tasks[2]?.finish()
    tasks[3]?.finish()
    assert.deepEqual(await Promise.all(runs), ['a', 'b', 'c', 'd'])
  })

  it('has turns for what is no single task, each ended once', async () => {
    const limit = createLimit(2)
    const [leave] = [await limit.enter(signal), await limit.enter(signal)]
    const third = limit.enter(signal)
    leave()
    leave()
    await third
    assert.equal(limit.running, 2)
  })

  it('gives the slot on after a failure', async () => {
    const limit = createLimit(1)
    const log: string[] = []
    const [first, second] = [task('a', log), task('b', log)]
    const failing = limit.run(first.run, signal)
    const next = limit.run(second.run, signal)
    first.fail()
    second.finish()
    await assert.rejects(failing, /a failed/)
    assert.equal(await next, 'b')
  })

  it('gives the slot on after a task that throws before it is a promise', async () => {
    const limit = createLimit(1)
    const broken = () => {
      throw new Error('at once')
    }
    await assert.rejects(limit.run(broken, signal), /at once/)
    assert.equal(await limit.run(async () => 'b', signal), 'b')
  })
})

describe('who gives up', () => {
  it('while waiting never starts, and the next in line does', async () => {
    const limit = createLimit(1)
    const log: string[] = []
    const [first, second, third] = [task('a', log), task('b', log), task('c', log)]
    const running = limit.run(first.run, signal)
    const caller = new AbortController()
    const leaving = limit.run(second.run, caller.signal)
    const staying = limit.run(third.run, signal)
    const reason = new Error('had enough')
    caller.abort(reason)
    await assert.rejects(leaving, (error) => error === reason)
    first.finish()
    third.finish()
    await Promise.all([running, staying])
    assert.deepEqual(log, ['a', 'c'])
  })

  it('before asking never starts, and takes no slot', async () => {
    const limit = createLimit(1)
    const log: string[] = []
    const gone = AbortSignal.abort(new Error('gone'))
    await assert.rejects(limit.run(task('a', log).run, gone), /gone/)
    assert.equal(await limit.run(async () => 'b', signal), 'b')
    assert.deepEqual(log, [])
  })

  it('while running keeps the slot until the task is over', async () => {
    const limit = createLimit(1)
    const log: string[] = []
    const [first, second] = [task('a', log), task('b', log)]
    const caller = new AbortController()
    const running = limit.run(first.run, caller.signal)
    const waiting = limit.run(second.run, signal)
    caller.abort()
    await turn()
    assert.deepEqual(log, ['a'])
    first.finish()
    second.finish()
    assert.deepEqual(await Promise.all([running, waiting]), ['a', 'b'])
  })
})

it('no slot is lost and none is made, whatever happens to a thousand tasks', async () => {
  const limit = createLimit(3)
  let running = 0
  let most = 0
  let state = 1
  const random = (below: number) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
  const runs = Array.from({ length: 1000 }, async () => {
    const caller = new AbortController()
    if (random(3) === 0) setImmediate(() => caller.abort())
    for (let wait = random(4); wait > 0; wait--) await turn()
    return limit.run(async () => {
      running++
      most = Math.max(most, running)
      for (let wait = random(3); wait > 0; wait--) await turn()
      running--
      if (random(5) === 0) throw new Error('failed')
    }, caller.signal)
  })
  const outcomes = await Promise.allSettled(runs)
  assert.ok(outcomes.some(({ status }) => status === 'rejected'))
  assert.equal(most, 3)
  assert.equal(running, 0)
  const log: string[] = []
  const tasks = ['a', 'b', 'c', 'd'].map((name) => task(name, log))
  const last = tasks.map(({ run }) => limit.run(run, signal))
  await turn()
  assert.deepEqual(log, ['a', 'b', 'c'])
  for (const { finish } of tasks) finish()
  await Promise.all(last)
})

it('a limit may change while tasks run: fewer begin, then more', async () => {
  const limit = createLimit(3)
  const log: string[] = []
  const tasks = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => task(name, log))
  const runs = tasks.map(({ run }) => limit.run(run, signal))
  await turn()
  limit.resize(1)
  tasks[0]?.finish()
  tasks[1]?.finish()
  await turn()
  assert.deepEqual([log.join(''), limit.running], ['abc', 1])
  tasks[2]?.finish()
  await turn()
  assert.deepEqual([log.join(''), limit.running], ['abcd', 1])
  limit.resize(5)
  await turn()
  assert.deepEqual([log.join(''), limit.running], ['abcdef', 3])
  for (const { finish } of tasks) finish()
  await Promise.all(runs)
  assert.equal(limit.running, 0)
})
