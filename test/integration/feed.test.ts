// A feed of scenes without CIDs, with real jobs: items with CIDs are told on the topic, and what follows is computed.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../lib/async/clock.ts'
import { readConfig } from '../../lib/config/config.ts'
import { createBacklogs } from '../../lib/events/backlog.ts'
import { notify } from '../../lib/events/notify.ts'
import { sweep } from '../../lib/events/sweep.ts'
import { workJob } from '../../lib/jobs/run-job.ts'
import { submitJob } from '../../lib/jobs/submit.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import type { Task } from '../../lib/model/tasks.ts'
import { createWork } from '../../lib/worker.ts'
import { assertClean, type Place, startCatalogueWorld } from '../harness/catalogue-world.ts'
import { catalogues } from '../harness/catalogues.ts'
import { assetsOf } from '../harness/items.ts'
import { startSqsSnsStub } from '../harness/sqs-sns-stub.ts'

const TOPIC = 'arn:aws:sns:us-west-2:123456789012:results'
const signal = new AbortController().signal
const world = await startCatalogueWorld()
const sns = await startSqsSnsStub()
process.env['AWS_ENDPOINT_URL_SNS'] = sns.endpoint
after(async () => {
  await sns.stop()
  await world[Symbol.asyncDispose]()
})
const earthSearch = catalogues[0] ?? assert.fail()

/** The functions of a deployment, its queue a list. */
function deploymentOf({ system }: Place, noticeDo: readonly Task[] = ['ndvi']) {
  const queued: string[] = []
  const queue = {
    send: async (message: object) => {
      queued.push(String(Object(message)['id']))
    },
    postpone: async () => undefined,
  }
  const services = { ...system.services, queue }
  const submit: Parameters<typeof sweep>[1]['submit'] = (order, stop) =>
    submitJob(order, services, stop)
  const config = readConfig({ RESULT_TOPIC_ARN: TOPIC, PUBLIC_URL: 'https://maps.example' })
  const context = { ...services, catalogUrl: null, watch: null, noticeDo, submit, log: () => {} }
  const backlogs = createBacklogs(services.records)
  const work = createWork(services, config)
  return {
    sweep: (event: JsonObject) =>
      sweep(event, { ...context, backlogs, clock: systemClock }, signal),
    notify: (event: JsonObject) => notify(event, context, signal),
    queued,
    /** Works until the queue is empty. @returns how many jobs were worked on */
    async drain(): Promise<number> {
      let worked = 0
      for (let id = queued.shift(); id !== undefined; id = queued.shift(), worked++) {
        const verdict = await workJob({ id, receives: 1, hold: async () => undefined }, work, {
          work: signal,
          end: signal,
        })
        assert.equal(verdict.outcome, 'done', String(verdict.error))
      }
      return worked
    },
  }
}

function toldItems(): JsonObject[] {
  return sns.published.splice(0).map(({ message }) => JSON.parse(message))
}

const event = { search: { datetime: '2023-07' }, mask: ['clouds'], max_size: 64 }

describe('a schedule over Earth Search', () => {
  it('fingerprints its scenes and computes them, each file read once, and tells of both', async () => {
    await using place = await world.visit(earthSearch)
    const deployment = deploymentOf(place)
    const reply = await deployment.sweep({ ...event, do: ['fingerprint', 'ndvi'] })
    assert.deepEqual([reply.found, reply.submitted, reply.filtered], [1, 1, []])
    assert.equal(await deployment.drain(), 2)
    const [enriched, ndvi, ...more] = toldItems()
    assert.equal(more.length, 0)
    const red = assetsOf(enriched ?? {})['red']
    assert.ok(isJsonObject(red))
    assert.match(
      JSON.stringify(red),
      /"dgeo:cid":"bafkrei.*"href":"https:\/\/e84-earth-search|"href":"https:\/\/e84-earth-search.*"dgeo:cid":"bafkrei/,
    )
    assert.match(JSON.stringify(ndvi), /greenprint:pixels/)
    const reads = world.hosts.asked.filter(({ url }) => url.endsWith('B04.tif'))
    // Once whole; after that it is asked for its version alone.
    const ranges = reads.map(({ headers }) => headers.range)
    assert.deepEqual(
      ranges.filter((range) => range !== 'bytes=0-0'),
      ['bytes=0-8388607'],
    )

    const again = await deployment.sweep({ ...event, do: ['fingerprint', 'ndvi'] })
    assert.deepEqual([again.known, await deployment.drain()], [1, 0])
    const other = await deployment.sweep({ ...event, mask: [], do: ['fingerprint', 'ndvi'] })
    assert.deepEqual([other.submitted, await deployment.drain()], [1, 1])
    toldItems()
    const plain = await deployment.sweep(event)
    assert.deepEqual([plain.known, plain.filtered], [1, []])
    await assertClean(place)
  })

  it('leaves scenes without CIDs alone where nobody says what is to be done', async () => {
    await using place = await world.visit(earthSearch)
    const deployment = deploymentOf(place)
    const { filtered } = await deployment.sweep(event)
    assert.match(filtered[0]?.reason ?? '', /^no CID/)
    assert.equal(await deployment.drain(), 0)
  })
})

describe('a topic of others', () => {
  it('opens nobody’s purse, and is followed where NOTICE_DO says so', async () => {
    await using place = await world.visit(earthSearch)
    const { item } = await earthSearch.start()
    const message = { Records: [{ Sns: { Message: JSON.stringify(item) } }] }
    const wary = deploymentOf(place)
    await wary.notify(message)
    await wary.notify({
      Records: [{ Sns: { Message: JSON.stringify({ item, do: ['fingerprint'] }) } }],
    })
    assert.equal(await wary.drain(), 0)
    const generous = deploymentOf(place, ['fingerprint'])
    await generous.notify(message)
    assert.equal(await generous.drain(), 1)
    const [told] = toldItems()
    assert.match(JSON.stringify(told), /"dgeo:cid"/)
    await assertClean(place)
  })
})
