// Time that is up, and callers who are gone: the work ends wherever it is, and nothing of it is kept as a result.

import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CallerGone } from '../../lib/errors.ts'
import type { Step } from '../../lib/model/progress.ts'
import { computeNdvi } from '../../lib/pipeline.ts'
import type { Results } from '../../lib/publish/results.ts'
import { readNdviBody } from '../../lib/request/read.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { largeScene } from '../harness/large-scene.ts'
import { startSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const local = await startSystem({ IPFS_GATEWAYS: gateway.url })
const kept: string[] = []
const results: Results = {
  ...local.services.results,
  put: async (result) => void kept.push(result.id),
}
after(async () => {
  await local.close()
  await gateway.close()
})
const all = {
  max_size: 'full',
  scale: 'none',
  outputs: ['figure', 'layer', 'cog', 'item'],
} as const

/** Of the CPU time of this process: what others take does not count. */
function spent(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

describe('work that nobody waits for any more', async () => {
  const item = await largeScene(blocks, 2048)
  const { request } = readNdviBody({ item, ...all })
  const services = { ...local.services, results }
  const ends: readonly (readonly [Step, number])[] = [
    ['scene', 0],
    ['bands', 0],
    ['ndvi', 0],
    ['ndvi', 0.5],
    ['ndvi', 1],
    ['figure', 0],
  ]
  for (const [step, share] of ends) {
    it(`ends within half a second of CPU time: ${step}, ${share * 100} %`, async (t) => {
      const caller = new AbortController()
      let [at, ms] = [process.cpuUsage(), Number.NaN]
      const tell = (told: Step, done = 0) => {
        if (caller.signal.aborted || told !== step || done < share) return
        at = process.cpuUsage()
        caller.abort(new CallerGone())
      }
      const run = { fresh: true, tell, isTrusted: true, mostMs: Infinity, mostPixels: Infinity }
      const work = computeNdvi({ request, pin: false }, services, run, caller.signal)
      await assert.rejects(work, CallerGone)
      ms = spent(at)
      t.diagnostic(`${ms.toFixed(0)} ms`)
      assert.ok(ms < 500, `${ms} ms`)
      assert.deepEqual(kept, [])
    })
  }

  it('and goes to its end where somebody does', async () => {
    const run = {
      fresh: true,
      tell: () => undefined,
      isTrusted: true,
      mostMs: Infinity,
      mostPixels: Infinity,
    }
    const { signal } = new AbortController()
    const { id } = await computeNdvi({ request, pin: false }, services, run, signal)
    assert.deepEqual(kept, [id])
  })
})

describe('a hundred requests whose callers hang up', async () => {
  const item = await largeScene(blocks, 8192)
  const text = JSON.stringify({ item, ...all })

  async function drop(): Promise<void> {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' }
    const request = httpRequest(`${local.base}/ndvi`, { method: 'POST', headers })
    request.on('error', () => undefined)
    request.end(text)
    await sleep(200)
    request.destroy()
  }

  /** Waits until this process has nothing to do. */
  async function idle(): Promise<void> {
    for (let busy = true; busy; ) {
      const before = process.cpuUsage()
      await sleep(300)
      busy = spent(before) > 60
    }
  }

  it('cost what it takes to take them up, not the minutes that they would take', async (t) => {
    await idle()
    const began = process.cpuUsage()
    await Promise.all(Array.from({ length: 100 }, drop))
    await idle()
    t.diagnostic(`${spent(began).toFixed(0)} ms of CPU`)
    assert.ok(spent(began) < 10_000, `${spent(began)} ms`)
    assert.equal((await fetch(`${local.base}/health`)).status, 200)
    assert.deepEqual(local.lines, [])
  })
})
