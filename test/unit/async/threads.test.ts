// Threads beside this one: results, failures, and tasks that nobody wants any more.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Threads } from '../../../lib/async/threads.ts'
import type { TestOrder } from '../../harness/thread-tasks.ts'

const load = () => import('../../harness/thread-tasks.ts')
const { signal } = new AbortController()

function shared(...numbers: number[]): Float64Array {
  const memory = new Float64Array(new SharedArrayBuffer(8 * numbers.length))
  memory.set(numbers)
  return memory
}

describe('threads', () => {
  const threads = new Threads<TestOrder, number>({ load, most: 2 })
  after(() => threads.end())

  it('are there once they are started, and compute in memory that is shared', async () => {
    assert.equal(threads.count, 0)
    await Promise.all([threads.start(), threads.start()])
    assert.equal(threads.count, 2)
    const all = [shared(1, 2, 3), shared(4), shared(5, 6)]
    const sums = all.map((numbers) => threads.run({ task: 'sum', numbers }, signal))
    assert.deepEqual(await Promise.all(sums), [6, 4, 11])
    assert.deepEqual(
      all.flatMap((numbers) => [...numbers]),
      [2, 4, 6, 8, 10, 12],
    )
  })

  it('tell what a task has failed with, and go on', async () => {
    const failing = threads.run({ task: 'fail', numbers: shared() }, signal)
    await assert.rejects(failing, { name: 'RangeError', message: 'this task fails' })
    assert.equal(await threads.run({ task: 'sum', numbers: shared(1, 1) }, signal), 2)
  })

  it('leave a task that nobody wants any more, running or in line, and go on', async () => {
    const stop = new AbortController()
    const order = { task: 'for ever', numbers: shared() } as const
    const runs = [1, 2, 3].map(() => threads.run(order, stop.signal))
    const told = Promise.allSettled(runs)
    await new Promise(setImmediate)
    stop.abort(new Error('enough'))
    for (const run of await told) {
      assert.ok(run.status === 'rejected' && String(run.reason) === 'Error: enough')
    }
    await assert.rejects(threads.run(order, stop.signal), /enough/)
    assert.equal(await threads.run({ task: 'sum', numbers: shared(2) }, signal), 2)
  })

  it('that end fail what they had to do, and are no more', async () => {
    const [ended, after] = [
      { task: 'exit', numbers: shared() },
      { task: 'sum', numbers: shared(1) },
    ] as const
    const runs = [ended, ended].map((order) => threads.run(order, signal))
    const behind = threads.run(after, signal)
    for (const run of await Promise.allSettled([...runs, behind])) {
      assert.match(run.status === 'rejected' ? String(run.reason) : 'computed', /has ended/)
    }
    assert.equal(threads.count, 0)
    await assert.rejects(threads.run(after, signal), /no thread has been started/)
  })

  it('that cannot be started are done without', async () => {
    const none = new Threads({ load: () => Promise.reject(new Error('no such file')), most: 2 })
    await none.start()
    assert.equal(none.count, 0)
    const address = new URL('no-such-module.ts', import.meta.url).href
    const absent = new Threads({ load: () => Promise.resolve({ address }), most: 2 })
    await absent.start()
    assert.equal(absent.count, 0)
  })

  it('keep a process until a task is done, and no longer', async () => {
    const path = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)))
    const code = `
      import { Threads } from ${path('../../../lib/async/threads.ts')}
      const load = () => import(${path('../../harness/thread-tasks.ts')})
      const threads = new Threads({ load, most: 1 })
      await threads.start()
      const numbers = Float64Array.from({ length: 1e5 }, () => 1)
      console.log(await threads.run({ task: 'sum', numbers }, new AbortController().signal))`
    const args = ['--input-type=module', '-e', code]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
    assert.equal(stdout, '100000\n')
  })
})
