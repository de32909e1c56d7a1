// A composite that is longer than its worker's time, under AWS's runtime client: its next delivery goes on behind the
// rows that were kept.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { deflateSync } from 'node:zlib'
import { submitJob } from '../../lib/jobs/submit.ts'
import type { JointResult } from '../../lib/model/joint.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { readCompositeBody } from '../../lib/request/read-composite.ts'
import { LONG_WORK } from '../../lib/steps/composite-speed.ts'
import { type Aws, startAws } from '../harness/aws.ts'
import { hostileTiff } from '../harness/hostile-tiffs.ts'
import { importFile } from '../harness/import-dag.ts'
import { ipfsAsset } from '../harness/items.ts'
import { itProves } from './deployed.ts'
import { servicesBeside } from './services-beside.ts'
import { startDeployed } from './unpacked.ts'

/** Together they are the least of which rows are kept; each row of tiles is kept by itself. */
const [SIDE, SCENES, TILE] = [4096, 8, 512]
/** Of which the worker keeps 10 to write down that its time is up, and takes no job with less than 15. */
const SECONDS = 18

/** All pixels have one value, and all tiles are one in the file. */
function bandOf(value: number): Uint8Array<ArrayBuffer> {
  const data = deflateSync(new Uint8Array(TILE * TILE).fill(value))
  return hostileTiff({
    width: SIDE,
    height: SIDE,
    tile: { width: TILE, rows: TILE },
    compression: 8,
    ranges: (tiles) => Array.from({ length: tiles }, () => [0, data.length]),
    data,
  })
}

function sceneOf(day: number, red: string, nir: string): JsonObject {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: `day-${day}`,
    collection: 'large',
    geometry: null,
    properties: { datetime: `2020-01-0${day}T10:00:00Z` },
    assets: { red: ipfsAsset(red), nir: ipfsAsset(nir) },
    links: [],
  }
}

describe('a composite that is longer than a worker’s time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'long-composite-'))
  let aws: Aws | undefined
  after(async () => {
    await aws?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** One delivery of a message, in a process of its own. */
  async function deliver(body: string, receives: number, seconds?: number) {
    const timeoutMs = seconds === undefined ? {} : { timeoutMs: seconds * 1000 }
    const { environment = {} } = aws ?? {}
    const lambda = await startDeployed('Worker', { environment, ...timeoutMs })
    const record = {
      messageId: 'message',
      receiptHandle: 'receipt',
      body,
      attributes: { ApproximateReceiveCount: String(receives) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
    }
    const { payload, error } = await lambda.invoke({ Records: [record] }).finally(lambda.stop)
    assert.equal(error, undefined, JSON.stringify(error))
    assert.doesNotMatch(lambda.log(), /LEFT THE MACHINE/)
    return { payload, log: lambda.log() }
  }

  itProves('goes on in its next delivery, behind the rows that were kept', async () => {
    assert.ok(SIDE * SIDE * SCENES > LONG_WORK)
    aws = await startAws()
    const { s3, messages } = aws
    const items: JsonObject[] = []
    const services = await servicesBeside(aws, folder, items)
    const { signal } = new AbortController()
    const cids: string[] = []
    for (const value of [100, 110, 150]) {
      const { root, blocks } = await importFile(bandOf(value), 'unixfs-v0-2015')
      for (const { cid, bytes } of blocks) await services.store.put(cid, bytes, signal)
      cids.push(root.toString())
    }
    const [red = '', low = '', high = ''] = cids
    for (let day = 1; day <= SCENES; day++) items.push(sceneOf(day, red, day === 3 ? high : low))
    const { request } = readCompositeBody({
      search: { collections: ['large'] },
      scale: 'none',
      max_size: 'full',
      outputs: ['item'],
    })
    const { id } = await submitJob({ kind: 'composite', request, pin: false }, services, signal)
    const [message = ''] = messages.sent

    // The store stands still at the second row of tiles, until the worker's time is up.
    s3.faults.push({ method: 'PUT', key: /^composites\/\w+\/0*512$/, kind: 'hang' })
    const first = await deliver(message, 1, SECONDS)
    assert.deepEqual(first.payload, { batchItemFailures: [{ itemIdentifier: 'message' }] })
    assert.match(first.log, /deadline_exceeded/)
    const kept = () => [...s3.objects.keys()].filter((key) => key.startsWith('composites/'))
    assert.deepEqual(kept(), [`composites/${id}/00000000`])

    const before = s3.requests.length
    const second = await deliver(message, 2)
    assert.deepEqual(second.payload, { batchItemFailures: [] })
    const rows = s3.requests
      .slice(before)
      .filter((line) => line.startsWith('PUT composites/'))
      .map((line) => Number(line.split('/').at(-1)))
    assert.deepEqual(
      rows,
      Array.from({ length: SIDE / TILE - 1 }, (_, at) => (at + 1) * TILE),
    )
    assert.deepEqual(kept(), [])
    const record = s3.objects.get(`jobs/${id}.json`)?.body.toString() ?? '{}'
    assert.equal(JSON.parse(record).status, 'successful')
    const result: JointResult = JSON.parse(
      s3.objects.get(`results/${id}.json`)?.body.toString() ?? '{}',
    )
    const { valid_count, minimum, maximum } = result.statistics['ndvi'] ?? {}
    // (150 - 100) / (150 + 100), of the third day, in every row: those that were kept, too.
    assert.deepEqual(
      [valid_count, minimum, maximum],
      [SIDE * SIDE, Math.fround(0.2), Math.fround(0.2)],
    )
    const counts = result.sources?.map(({ pixels }) => pixels)
    assert.deepEqual(counts, [0, 0, SIDE * SIDE, 0, 0, 0, 0, 0])
  })
})
