// The doors of notices and schedules over a STAC API on loopback, down to the records of the jobs.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { stacRoute } from '../harness/stac-api.ts'
import { batch, eventOf } from '../unit/events/notice-context.ts'
import { listenUntilTheEnd } from '../unit/net/loopback.ts'

const sample = await sampleItem()
const SAMPLE = 'LC09_L2SP_231062_20230723_20230802_02_T1'
const OTHER = 'LC09_L2SP_231062_20230707_20230802_02_T1'
const other: JsonObject = { ...sample, id: OTHER, links: [] }
const bare: JsonObject = { ...sample, id: 'bare', assets: {} }

const catalogue = await serveCatalogue([sample, other, bare])
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))
Object.assign(process.env, {
  DATA_DIR: folder,
  IPFS_GATEWAYS: 'http://127.0.0.1:9',
  STAC_API_URL: catalogue,
  CATALOG_URL: catalogue,
  WATCH: '-61,-4,-59,-2',
})
const { handler: notify } = await import('../../functions/notify.ts')
const { handler: schedule } = await import('../../functions/schedule.ts')
const context = { getRemainingTimeInMillis: () => 30_000 }

async function serveCatalogue(items: readonly JsonObject[]): Promise<string> {
  const answer = stacRoute(items)
  const server = createServer((request, response) => {
    const url = new URL(`http://${request.headers.host}${request.url}`)
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(Buffer.from(part))
      const { method = 'GET' } = request
      const body = method === 'GET' ? null : Buffer.concat(parts)
      const reply = await answer(new Request(url, { method, body }))
      response.writeHead(reply?.status ?? 404, { 'content-type': 'application/geo+json' })
      response.end(await reply?.text())
    })()
  })
  return `http://127.0.0.1:${await listenUntilTheEnd(server)}/stac`
}

/** The scenes of the jobs on record, in order. */
async function jobs(): Promise<string[]> {
  const names = await readdir(join(folder, 'jobs')).catch(() => [])
  const records = names.map(async (name) => {
    const job = JSON.parse(await readFile(join(folder, 'jobs', name), 'utf8'))
    assert.equal(job.status, 'accepted')
    assert.equal(job.order.pin, true)
    return String(job.order.request.item.id)
  })
  return (await Promise.all(records)).toSorted()
}

const sweepOf = (fields: JsonObject = {}) => ({
  search: { collections: ['landsat-c2l2-sr'], bbox: [-61, -4, -59, -2] },
  period: 'P30D',
  time: '2023-07-24T06:00:00Z',
  ...fields,
})

describe('notices and schedules', () => {
  it('a batch of notices makes one job for the scene that is there, and sends the poison back', async () => {
    const usgs = { landsat_product_id: SAMPLE, s3_location: `s3://usgs-landsat/${SAMPLE}` }
    const realTime = { landsat_product_id: SAMPLE.replace('_T1', '_RT') }
    const event = batch('poison', usgs, realTime, sample, eventOf('body-cmr-granule'), bare)
    assert.deepEqual(await notify(event, context), {
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    })
    assert.deepEqual(await jobs(), [SAMPLE])
  })

  it('a sweep adds the scene that no notice told of, and tells what it left out', async () => {
    const reply = await schedule(sweepOf(), context)
    assert.ok('found' in reply)
    assert.deepEqual([reply.found, reply.submitted, reply.known, reply.more], [3, 2, 0, false])
    assert.deepEqual(
      reply.filtered.map(({ id }) => id),
      ['bare'],
    )
    assert.deepEqual(await jobs(), [OTHER, SAMPLE])
  })

  it('sweeps at once, and again, add nothing', async () => {
    await Promise.all([
      schedule(sweepOf(), context),
      schedule(sweepOf({ period: 'P60D' }), context),
      notify(batch(other, sample), context),
    ])
    assert.equal((await jobs()).length, 2)
  })

  it('a sweep of another time finds nothing', async () => {
    const reply = await schedule(sweepOf({ time: '2021-01-01T00:00:00Z' }), context)
    assert.ok('found' in reply)
    assert.equal(reply.found, 0)
  })
})
