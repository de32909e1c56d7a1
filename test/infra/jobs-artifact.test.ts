// The other three zips under AWS's runtime client: a notice becomes a job, a job a result that is told.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import type { FunctionName } from '../../lib/config/variable.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import type { SeriesRow } from '../../lib/model/series.ts'
import { readSeriesBody } from '../../lib/request/read-series.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { startSeries } from '../../lib/series.ts'
import { type Aws, startAws } from '../harness/aws.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { gatewayEvent, httpAnswer } from '../harness/gateway-events.ts'
import { deployed, isProved, itProves, rightsOf, shorten } from './deployed.ts'
import { servicesBeside } from './services-beside.ts'
import { startDeployed } from './unpacked.ts'

const shelf = mkdtempSync(join(tmpdir(), 'series-'))
after(() => rmSync(shelf, { recursive: true, force: true }))

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {}
}

/** What SQS hands to a function. */
function batch(...bodies: readonly unknown[]) {
  const Records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  }))
  return { Records }
}

describe('the functions behind the queues, as they are deployed', () => {
  let aws: Aws | undefined
  before(async () => {
    if (!isProved()) return
    aws = await startAws()
  })
  after(() => aws?.stop())

  /** One invocation of a function in a process of its own. */
  async function invoke(
    name: FunctionName,
    event: unknown,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    assert.ok(aws)
    const lambda = await startDeployed(name, {
      environment: { ...aws.environment, ...environment },
    })
    const { payload, error } = await lambda.invoke(event).finally(lambda.stop)
    assert.equal(error, undefined, JSON.stringify(error))
    assert.doesNotMatch(lambda.log(), /LEFT THE MACHINE/)
    return payload
  }

  itProves('a notice becomes a job, and what is none goes back alone', async () => {
    const Message = JSON.stringify(await sampleItem())
    const event = batch({ Type: 'Notification', Message }, 'no notice at all')
    const failed = { itemIdentifier: 'message-1' }
    assert.deepEqual(await invoke('Notify', event), { batchItemFailures: [failed] })
    assert.equal(aws?.messages.sent.length, 1)
  })

  itProves(
    'the job becomes a result, which is told, and a message that is none goes back',
    async () => {
      assert.ok(aws)
      const event = batch(aws.messages.sent[0], 'no job at all')
      const failed = { itemIdentifier: 'message-1' }
      assert.deepEqual(await invoke('Worker', event), { batchItemFailures: [failed] })
      const { id } = JSON.parse(aws.messages.sent[0] ?? '{}')
      const record = aws.s3.objects.get(`jobs/${id}.json`)
      assert.equal(JSON.parse(record?.body.toString() ?? '{}').status, 'successful')
      const [told, ...others] = aws.messages.published
      assert.deepEqual(others, [])
      assert.match(told?.topic ?? '', /ResultsTopic/)
      assert.equal(JSON.parse(told?.message ?? '{}').type, 'Feature')
    },
  )

  itProves(
    'a schedule asks the STAC API of its stage, and fails loudly where that is out of reach',
    async () => {
      assert.ok(aws)
      const lambda = await startDeployed('Schedule', { environment: aws.environment })
      const event = { search: { collections: ['landsat-c2l2-sr'] }, time: '2023-07-24T00:00:00Z' }
      const { error } = await lambda.invoke(event).finally(lambda.stop)
      assert.equal(error?.errorType, 'GreenprintError')
      // There is no TLS on loopback that a function would trust.
      assert.match(lambda.log(), /LEFT THE MACHINE: earth-search\.aws\.element84\.com/)
    },
  )

  itProves('a planned check asks the other operator, and writes only where it may', async () => {
    assert.ok(aws)
    const { s3 } = aws
    const key = [...s3.objects.keys()].find((name) => name.startsWith('results/')) ?? ''
    const result: { readonly root: string } = JSON.parse(s3.objects.get(key)?.body.toString() ?? '')
    const publications = [{ service: 's3', status: 'held', cid: result.root }]
    const record = `publications/${result.root}.json`
    const body = Buffer.from(JSON.stringify({ publications, retrievable: [], missing: [] }))
    s3.objects.set(record, { body, etag: '"record"', contentType: 'application/json' })
    const gateway = await startGateway(new MemoryBlocks())
    const before = s3.requests.length
    const environment = { PUBLIC_GATEWAY: gateway.url }
    await invoke('Schedule', { check: result.root }, environment).finally(() => gateway.close())
    assert.ok(gateway.asked.includes(result.root))
    const kept = JSON.parse(s3.objects.get(record)?.body.toString() ?? '{}')
    assert.deepEqual(kept.publications, publications)
    assert.deepEqual([kept.retrievable, kept.missing.length], [[], 1])
    const writes = s3.requests.slice(before).filter((line) => !/^(GET|HEAD) /.test(line))
    assert.deepEqual(writes, [`PUT ${record}`])
    const { resources } = rightsOf(deployed('plain'), 'Schedule')[2] ?? {}
    assert.ok(resources?.some((arn) => shorten(arn, deployed('plain')) === 'bucket/publications/*'))
  })

  itProves('a series is counted through the queue, each date by a worker of its own', async () => {
    assert.ok(aws)
    const item = await sampleItem()
    const later = {
      ...item,
      id: 'LC09_L2SP_231062_20230808_20230810_02_T1',
      links: [],
      properties: { ...propertiesOf(item), datetime: '2023-08-08T14:12:31Z' },
    }
    const services = await servicesBeside(aws, shelf, [item, later])
    const { signal } = new AbortController()
    const given = {
      search: { collections: ['landsat-c2l2-sr'] },
      bbox: [-59.93, -3.16, -59.87, -3.1],
    }
    const asked = await readSeriesBody(given, signal)
    const before = aws.messages.sent.length
    const series = await startSeries(asked, services, signal)
    const messages = aws.messages.sent.slice(before)
    assert.equal(messages.length, 2)
    for (const message of messages) {
      assert.deepEqual(await invoke('Worker', batch(message)), { batchItemFailures: [] })
    }
    const api = await startDeployed('Api', { environment: aws.environment })
    const event = gatewayEvent(`/series/${series.id}`)
    const { body, status } = httpAnswer(await api.invoke(event).finally(api.stop))
    assert.equal(status, 200)
    const reply = JSON.parse(body.toString())
    assert.deepEqual(reply.progress, { done: 2, failed: 0, total: 2 })
    assert.deepEqual(
      reply.rows.map(({ date, valid_count }: SeriesRow) => [date, valid_count]),
      [
        ['2023-07-23', 49_179],
        ['2023-08-08', 49_179],
      ],
    )
    assert.equal(reply.assets.chart.type, 'image/png')
  })

  itProves('the API tells of the job, to whoever has a token', async () => {
    assert.ok(aws)
    const token = 'a'.repeat(16)
    const environment = { ...aws.environment, API_TOKENS: `tests:${token}` }
    const api = await startDeployed('Api', { environment })
    const { id } = JSON.parse(aws.messages.sent[0] ?? '{}')
    const headers = { authorization: `Bearer ${token}` }
    const event = gatewayEvent(`/jobs/${id}`, { headers })
    const answer = httpAnswer(await api.invoke(event).finally(api.stop))
    assert.equal(JSON.parse(answer.body.toString()).status, 'successful')
  })
})
