// A run with successes and faults of every kind, and no secret of its configuration in any line, reply or stored
// object.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { readConfig } from '../../lib/config/config.ts'
import { secretsOf } from '../../lib/config/secrets.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { ipfsAsset, sceneItem, withAssets } from '../harness/items.ts'
import { startS3Stub } from '../harness/s3-stub.ts'
import { startSystem } from '../harness/system.ts'
import { startW3upService } from '../harness/w3up-service.ts'

const ANN = 'token-of-ann-0123456789'
const BOB = 'token-of-bob-0123456789'

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const s3 = await startS3Stub()
const w3up = await startW3upService()
const space = await w3up.createSpace()
const env = {
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint-secrets',
  IPFS_GATEWAYS: `${gateway.url}|Authorization: Bearer gateway-header-key|X-Key: another-header-key`,
  PUBLISHERS: 's3',
  API_TOKENS: `ann:${ANN} bob:${BOB}`,
  W3UP_URL: space.url,
  W3UP_DID: space.did,
  W3UP_KEY: space.key,
  W3UP_PROOF: space.proof,
  S3_BUCKET: s3.bucket,
  S3_REGION: s3.account.region,
  S3_ENDPOINT: s3.endpoint,
  S3_ACCESS_KEY_ID: s3.account.accessKeyId,
  S3_SECRET_ACCESS_KEY: s3.account.secretAccessKey,
}
const system = await startSystem(env)
// An upload service on loopback names loopback for the bytes: on Lambda that is refused.
const local = await startSystem({ ...env, AWS_LAMBDA_FUNCTION_NAME: '', PUBLISHERS: 'w3up' })
after(async () => {
  await system.close()
  await local.close()
  await gateway.close()
  await s3.stop()
  await w3up.stop()
})

/** Everything that left the process towards a caller or an operator. */
const seen: string[] = []

async function ask(body: object, headers: Record<string, string> = {}, where = system) {
  const response = await where.post(body, headers)
  const text = await response.text()
  seen.push(JSON.stringify([...response.headers]), text)
  return {
    status: response.status,
    reply: JSON.parse(text),
    line: JSON.parse(where.lines.at(-1) ?? '{}'),
  }
}

const as = (token: string) => ({ authorization: `Bearer ${token}` })

describe('a run', () => {
  it('that publishes says so, and all else, in one line', async () => {
    const { status, reply, line } = await ask({ item, max_size: 100, pin: true }, as(ANN))
    assert.equal(status, 200, JSON.stringify(reply))
    const { bands, steps, publications, ms, sources: _, memory_mb: __, ...whole } = line
    const {
      _aws: {
        CloudWatchMetrics: [{ Metrics }],
      },
      ...fields
    } = whole
    const metrics = new Set(Metrics.map(({ Name }: { Name: string }) => Name))
    const rest = Object.fromEntries(Object.entries(fields).filter(([name]) => !metrics.has(name)))
    assert.deepEqual(rest, {
      level: 'info',
      method: 'POST',
      route: '/ndvi',
      path: '/ndvi',
      status: 200,
      code: null,
      cold: true,
      requestId: line.requestId,
      FunctionName: 'greenprint-secrets',
      token: 'ann',
      result: reply.id,
      cached: false,
      item: item['id'],
      root: reply.root.cid,
      warnings: reply.warnings,
    })
    assert.deepEqual(Object.keys(steps), ['scene', 'bands', 'ndvi', 'figure', 'publish'])
    const spent = Object.values<number>(steps).reduce((sum, step) => sum + step, 0)
    assert.ok(spent <= ms + 1, `${spent} of ${ms}`)
    assert.deepEqual(publications, [{ service: 's3', status: 'held' }])
    for (const band of ['red', 'nir']) {
      const { producer_checksum: _, size: __, ...cost } = reply.proof.bands[band]
      assert.deepEqual(bands[band], cost)
    }
  })

  it('is kept with the name of the token, one record for each', async () => {
    const { reply } = await ask({ item, max_size: 100, pin: true, rescale: [0, 1] }, as(BOB))
    const record = JSON.parse(textOf(`published-by/bob/${reply.root.cid}.json`))
    assert.ok(!Number.isNaN(Date.parse(record.at)))
    delete record.at
    assert.deepEqual(record, {
      by: 'bob',
      root: reply.root.cid,
      result: reply.id,
      item: item['id'],
      outcomes: [{ service: 's3', status: 'held' }],
    })
    const names = [...s3.objects.keys()].filter((key) => key.startsWith('published-by/'))
    assert.deepEqual(
      names.map((key) => key.split('/')[1]).toSorted((a, b) => (a! < b! ? -1 : 1)),
      ['ann', 'bob'],
    )
  })

  it('is not noted again where nothing was published', async () => {
    const { reply, line } = await ask({ item, max_size: 100, pin: true }, as(BOB))
    assert.deepEqual([reply.cached, line.cached, line.token], [true, true, 'bob'])
    assert.equal(s3.objects.has(`published-by/bob/${reply.root.cid}.json`), false)
  })

  const strange = withAssets(item, {
    red: ipfsAsset('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'),
  })
  const faults = [
    ['invalid_request', { item, scale: ANN }, as(ANN)],
    ['unauthorized', { item, pin: true }, as(`${ANN}x`)],
    ['unauthorized', { item, pin: true }, { authorization: `Basic ${ANN}` }],
    ['host_refused', { item: 'https://127.0.0.1/' }, as(ANN)],
    ['item_invalid', { item: { type: 'Collection' } }, {}],
    ['item_unreachable', { item: 'https://nobody.invalid/item.json' }, {}],
    ['content_unavailable', { item: strange }, {}],
    ['outside_scene', { item, bbox: [0, 0, 1, 1] }, {}],
  ] as const
  for (const [code, body, headers] of faults) {
    it(`fails with ${code}`, async () => {
      const { reply, line } = await ask(body, headers)
      assert.deepEqual([reply.code, line.code], [code, code])
    })
  }

  it('fails where the store refuses', async () => {
    for (const kind of ['PUT', 'GET']) {
      const refusal = {
        status: 403,
        code: 'AccessDenied',
        message: `no ${s3.account.secretAccessKey}`,
      }
      for (let left = 8; left > 0; left--) s3.faults.push({ method: kind, kind: 'refuse', refusal })
      const { reply } = await ask({ item, max_size: 90, pin: true }, as(ANN))
      s3.faults.length = 0
      assert.equal(reply.code, 'store_failed')
    }
  })

  it('publishes by w3up, and tells of it where it fails, whatever that says', async () => {
    const good = await ask({ item, max_size: 80, pin: true }, as(ANN), local)
    assert.equal(good.reply.publications[0].status, 'held', JSON.stringify(good.reply.publications))
    w3up.intercept = (_, response) => {
      response.writeHead(500).end(`you sent ${space.proof} ${space.key}`)
      return true
    }
    const bad = await ask({ item, max_size: 70, pin: true }, as(ANN), local)
    w3up.intercept = null
    assert.equal(bad.reply.publications[0].status, 'failed', JSON.stringify(bad.reply.publications))
  })
})

function textOf(key: string): string {
  return Buffer.from(s3.objects.get(key)?.body ?? []).toString()
}

it('no secret of the configuration is in a line, a reply or a stored object', () => {
  const secrets = secretsOf(readConfig(env))
  assert.equal(
    secrets.length,
    8,
    'two tokens, key and proof, the S3 secret, two headers and a part of one',
  )
  const places = [
    ...[...system.lines, ...local.lines].map((line) => ['a line', line] as const),
    ...seen.map((text) => ['a reply', text] as const),
    ...[...s3.objects.keys()].map((key) => [`object ${key}`, `${key} ${textOf(key)}`] as const),
    ...w3up
      .blobs()
      .map((blob) => ['a published file', Buffer.from(blob).toString('latin1')] as const),
  ]
  assert.ok(places.length > 40, `${places.length}`)
  for (const [place, text] of places) {
    for (const secret of secrets)
      assert.ok(!text.includes(secret), `${place} has ${secret.slice(0, 9)}…`)
  }
})
