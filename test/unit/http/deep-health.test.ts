// /health?deep=1 of a deployment: the sample by the API and, as a job, by a worker.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { startDeadline } from '../../../lib/async/deadline.ts'
import { coldStart } from '../../../lib/async/invocation.ts'
import { readConfig } from '../../../lib/config/config.ts'
import { checkSample } from '../../../lib/http/deep-health.ts'
import { workDeliveries } from '../../../lib/jobs/deliveries.ts'
import { tryJob } from '../../../lib/jobs/try-job.ts'
import { LocalQueue } from '../../../lib/local/queue.ts'
import { sampleRequest } from '../../../lib/sample/sample.ts'
import { createServices } from '../../../lib/services.ts'
import { createWork } from '../../../lib/worker.ts'

const over = new AbortController()
after(() => over.abort())
const forever = over.signal

async function deployed() {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
  after(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({
    AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api',
    DATA_DIR: dataDir,
    IPFS_GATEWAYS: 'http://127.0.0.1:9',
    IPFS_ROUTERS: 'none',
  })
  const queue = new LocalQueue({ timeoutMs: 60_000, mostReceives: 5, batchSize: 1 }, systemClock)
  const services = { ...createServices(config), queue }
  const lines: string[] = []
  const work = {
    ...createWork(services, config),
    startDeadline,
    functionName: 'worker',
    isCold: coldStart(),
    log: (_level: string, line: object) => void lines.push(JSON.stringify(line)),
  }
  const consume = () =>
    void queue.consume(({ Records }, time) => workDeliveries(Records, work, time), forever)
  return { config, services, lines, consume }
}

it('the sample is computed by a worker too, whatever was known; one success serves for minutes', async () => {
  const { config, services, lines, consume } = await deployed()
  consume()
  const found = JSON.parse(JSON.stringify(await checkSample(services, config, forever)))
  assert.deepEqual([found.status, found.jobs.status], ['ok', 'ok'], JSON.stringify(found))
  assert.equal(lines.filter((line) => /"event":"job"/.test(line)).length, 1)
  const order = { request: await sampleRequest(), pin: false }
  assert.equal((await tryJob(order, services, 5_000, forever)).status, 'ok')
  assert.equal(lines.filter((line) => /"event":"job"/.test(line)).length, 1)
  const later = { ...systemClock, now: () => systemClock.now() + 600_000 }
  assert.equal((await tryJob(order, { ...services, clock: later }, 5_000, forever)).status, 'ok')
  assert.equal(lines.filter((line) => /"event":"job"/.test(line)).length, 2)
})

it('a queue that nobody reads is told, in time, and asking again queues no second message', async () => {
  const { services } = await deployed()
  const order = { request: await sampleRequest(), pin: false }
  const sent: object[] = []
  const queue = {
    send: async (message: object) => void sent.push(message),
    postpone: async () => undefined,
  }
  for (const _ of [1, 2]) {
    const { status, ms } = await tryJob(order, { ...services, queue }, 300, forever)
    assert.equal(status, 'late')
    assert.ok(ms >= 300 && ms < 3_000)
  }
  assert.equal(sent.length, 1)
})
