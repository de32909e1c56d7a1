// Real jobs of the sample scene by the real worker, killed with SIGKILL in the middle: all are done, and none by
// halves.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../../lib/config/config.ts'
import { parseCid } from '../../../lib/ipld/cid.ts'
import type { BatchAnswer, QueueRecord } from '../../../lib/jobs/deliveries.ts'
import { submitJob } from '../../../lib/jobs/submit.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import { withoutRights } from '../../../lib/model/run.ts'
import { computeNdvi } from '../../../lib/pipeline.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { sampleRequest } from '../../../lib/sample/sample.ts'
import { createServices } from '../../../lib/services.ts'
import { childEnvironment } from '../../harness/child-environment.ts'
import { buildDirectoryCar } from '../../harness/directory-car.ts'
import { randomFrom } from '../../harness/random.ts'
import { type AwsStub, startAwsStub } from '../../unit/jobs/aws-stub.ts'

const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url))
const signal = new AbortController().signal
const dice = randomFrom(5)
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
const other = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => Promise.all([folder, other].map((each) => rm(each, { recursive: true, force: true }))))

// No gateway: the bands are the sample's own blocks.
const env = { IPFS_GATEWAYS: 'http://127.0.0.1:9', PUBLIC_URL: 'https://ndvi.example' }
const JOBS = 24
const BATCH = 6
/** More than a lease: a killed worker's job is there for the next one. */
const STEP_MS = 120_000

const whole = await sampleRequest()
const requests: NdviRequest[] = Array.from({ length: JOBS }, (_, index) => ({
  ...whole,
  max_size: 1024,
  bbox: [-60 + 0.008 * index, -3.2, -59.97 + 0.008 * index, -3.1],
}))

const services = createServices(readConfig({ ...env, DATA_DIR: folder }))
const undisturbed = createServices(readConfig({ ...env, DATA_DIR: other }))
const ids: string[] = []
let topic: AwsStub
let kills = 0
let rounds = 0
let duplicates = 0

/** One invocation of the worker; null when it was killed before it answered. */
async function work(
  batch: readonly QueueRecord[],
  aheadMs: number,
  killAfterMs: number | null,
): Promise<BatchAnswer | null> {
  const child = spawn(process.execPath, [script, String(aheadMs), JSON.stringify(batch)], {
    env: {
      ...childEnvironment,
      ...env,
      DATA_DIR: folder,
      RESULT_TOPIC_ARN: 'arn:aws:sns:eu-west-9:123456789012:results',
      AWS_ENDPOINT_URL_SNS: topic.origin,
      AWS_ACCESS_KEY_ID: 'STUBKEY',
      AWS_SECRET_ACCESS_KEY: 'stub-secret',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  for await (const part of child.stdout) {
    const wasReady = text.includes('ready')
    text += String(part)
    if (wasReady || killAfterMs === null) continue
    setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  }
  const answer = text.split('\n')[1]
  return answer === undefined || answer === '' ? null : JSON.parse(answer)
}

before(async () => {
  topic = await startAwsStub(() => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
  }))
  const queue = {
    send: async ({ id }: { readonly id: string }) => void ids.push(id),
    postpone: async () => undefined,
  }
  for (const request of requests)
    await submitJob({ request, pin: true }, { ...services, queue }, signal)
  await deliverAll()
})
after(() => topic.stop())

/** Until every message is done: out of order, a fifth of them twice, every other worker killed somewhere. */
async function deliverAll(): Promise<void> {
  const messages = ids.flatMap((id, index) => {
    const copies = dice.chance(0.2) ? 2 : 1
    duplicates += copies - 1
    return Array.from({ length: copies }, (_, copy) => ({
      id,
      name: `${index}.${copy}`,
      receives: 0,
    }))
  })
  while (messages.length > 0) {
    const order = messages.map((message) => ({ message, at: dice.unit() }))
    const batch = order
      .toSorted((a, b) => a.at - b.at)
      .slice(0, BATCH)
      .map(({ message }) => message)
    for (const message of batch) message.receives += 1
    const mayDie = batch.every(({ receives }) => receives < 4) && dice.chance(0.6)
    const records = batch.map(({ id, name, receives }) => ({
      messageId: name,
      receiptHandle: name,
      body: JSON.stringify({ id }),
      attributes: { ApproximateReceiveCount: String(receives) },
    }))
    const answer = await work(records, rounds++ * STEP_MS, mayDie ? dice.whole(0, 900) : null)
    if (answer === null) {
      kills += 1
      continue
    }
    const back = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    for (const message of batch) {
      if (!back.has(message.name)) messages.splice(messages.indexOf(message), 1)
    }
    assert.ok(rounds < 60, 'the queue does not get empty')
  }
}

describe(`${JOBS} real jobs`, () => {
  it('were worked on by workers of which some were killed', (t) => {
    t.diagnostic(`${rounds} workers, ${kills} of them killed; ${duplicates} duplicates`)
    assert.equal(new Set(ids).size, JOBS)
    assert.ok(kills >= 3, String(kills))
    assert.ok(duplicates > 0)
  })

  it('have each the very result that an undisturbed system computes', async () => {
    for (const [index, request] of requests.entries()) {
      const id = ids[index] ?? ''
      const job = await services.jobs.get(id, signal)
      assert.deepEqual([job?.status, job?.result, job?.notice], ['successful', id, 'sent'])
      const result = await services.results.get(id, signal)
      const run = {
        fresh: true,
        tell: () => undefined,
        ...withoutRights,
      }
      const expected = await computeNdvi({ request, pin: false }, undisturbed, run, signal)
      assert.equal(result?.root, expected.root)
      assert.deepEqual(result?.statistics, expected.statistics)
    }
  })

  it('are published whole, and nothing besides them is', async () => {
    const roots: string[] = []
    for (const id of ids) {
      const root = (await services.results.get(id, signal))?.root ?? ''
      roots.push(root)
      const publication = (await services.publications.get(root, signal))?.publications[0]
      assert.equal(publication?.status, 'held')
      const get = (cid: Parameters<typeof services.store.get>[0]) => services.store.get(cid, signal)
      const directory = await buildDirectoryCar(parseCid(root), get, mediaTypeOf)
      assert.deepEqual(
        (await readdir(join(folder, 'published', root))).toSorted(),
        [...(directory?.files.keys() ?? [])].toSorted(),
      )
    }
    const records = new Set(['blocks', 'files'])
    const folders = (await readdir(join(folder, 'published'))).toSorted()
    assert.deepEqual(
      folders.filter((name) => !records.has(name)),
      roots.toSorted(),
    )
  })

  it('were told of, each by its item with addresses, and twice at most where a worker was killed', async () => {
    const told = topic.arrived.map(({ body }) => new URLSearchParams(body))
    const items = told.map((form) => JSON.parse(form.get('Message') ?? ''))
    const hrefs = items.map(({ links }) => String(links[0].href))
    assert.equal(new Set(hrefs).size, JOBS)
    assert.ok(hrefs.length - JOBS <= kills, `${hrefs.length} notices`)
    for (const id of ids) {
      const root = (await services.results.get(id, signal))?.root
      const item = items.find(({ links }) => links[0].href.includes(root))
      assert.equal(item.links[0].href, `https://ndvi.example/ipfs/${root}/item.json`)
      assert.equal(item.assets.figure.href, `https://ndvi.example/ipfs/${root}/figure.png`)
    }
    const names = [...(told[0] ?? [])].flatMap(([key, value]) =>
      key.endsWith('.Name') ? [value] : [],
    )
    const corners = ['bbox.ll_lon', 'bbox.ll_lat', 'bbox.ur_lon', 'bbox.ur_lat']
    assert.deepEqual(names, ['collection', 'datetime', ...corners, 'cloud_cover', 'status'])
  })
})
