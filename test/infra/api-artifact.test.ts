// The API's own zip under AWS's runtime client: events of API Gateway in, the sample scene out, without any network.

import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { blockKey, RAW } from '../../lib/ipld/cid.ts'
import { sampleItem, sampleRequest, sampleRoot } from '../../lib/sample/sample.ts'
import { type Aws, startAws } from '../harness/aws.ts'
import { noise } from '../harness/blocks.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'
import { gatewayEvent, type HttpAsked, httpAnswer } from '../harness/gateway-events.ts'
import { importFile } from '../harness/import-dag.ts'
import { ipfsAsset } from '../harness/items.ts'
import type { Lambda } from '../harness/lambda.ts'
import { MAX_RESPONSE_BYTES } from '../harness/runtime-api.ts'
import { tiffOfCode } from '../harness/tiff-of-code.ts'
import { isProved, itProves } from './deployed.ts'
import { startDeployed } from './unpacked.ts'

describe('the API as it is deployed', () => {
  let aws: Aws | undefined
  let api: Lambda | undefined
  before(async () => {
    if (!isProved()) return
    aws = await startAws()
    const tellLoaded = fileURLToPath(new URL('../harness/tell-loaded.cjs', import.meta.url))
    const node = [process.execPath, '-r', tellLoaded]
    api = await startDeployed('Api', { environment: aws.environment, node })
  })
  after(async () => {
    await api?.stop()
    await aws?.stop()
  })
  const ask = async (target: string, asked?: HttpAsked) => {
    assert.ok(api)
    return httpAnswer(await api.invoke(gatewayEvent(target, asked)))
  }
  const json = (body: Buffer) => JSON.parse(body.toString())

  itProves('starts, and tells that it is well', async () => {
    const { status, body } = await ask('/health')
    assert.equal(status, 200)
    const { store, publishing } = json(body)
    assert.deepEqual({ store, publishing }, { store: 's3', publishing: 'off' })
  })

  itProves('computes the sample to the CID that it has everywhere', async () => {
    const request = await sampleRequest()
    const answer = await ask('/ndvi', { method: 'POST', body: JSON.stringify(request) })
    assert.equal(answer.status, 200, answer.body.toString())
    assert.equal(json(answer.body).root.cid, await sampleRoot())
    assert.equal(answer.isBase64Encoded, false)
  })

  itProves(
    'has loaded no HTTP client of Node until then, its Request and Response included',
    async () => {
      assert.ok(api)
      process.kill(api.pid, 'SIGUSR2')
      while (!/^LOADED .*\n/m.test(api.log())) await setTimeout(10)
      const [, told = '[]'] = /^LOADED (.*)\n/m.exec(api.log()) ?? []
      const loaded: readonly string[] = JSON.parse(told)
      assert.ok(loaded.includes('NativeModule crypto'))
      assert.ok(!loaded.includes('NativeModule internal/deps/undici/undici'))
      // Lists of IP addresses, which nobody was held against.
      assert.ok(!loaded.includes('NativeModule internal/blocklist'))
    },
  )

  itProves('takes a body in base64, and answers with the figure in base64', async () => {
    const body = Buffer.from(JSON.stringify({ item: await sampleItem() })).toString('base64')
    const asked = { method: 'POST', body, isBase64Encoded: true, headers: { accept: 'image/png' } }
    const answer = await ask('/ndvi', asked)
    assert.equal(answer.status, 200, answer.body.toString())
    assert.equal(answer.isBase64Encoded, true)
    const { assets } = json((await ask('/ndvi', { ...asked, headers: {} })).body)
    assert.equal(cidOfBlock(RAW, answer.body).toString(), assets.figure.cid)
  })

  itProves(
    'reads a scene in a CRS that only PROJ knows, from the files beside the bundle',
    async () => {
      assert.ok(aws)
      const place = { code: 3375, isGeographic: false, rows: 40, cols: 60 } as const
      const transform = [30, 0, 411_000, 0, -30, 344_000] as const
      const keep = async (value: number) => {
        const file = tiffOfCode({ ...place, transform, value: () => value })
        const { root, blocks } = await importFile(file, 'unixfs-v1-2025')
        for (const { cid, bytes } of blocks) {
          const object = { body: Buffer.from(bytes), etag: '"block"', contentType: '' }
          aws?.s3.objects.set(`blocks/${blockKey(cid)}`, object)
        }
        return ipfsAsset(root.toString())
      }
      const item = {
        type: 'Feature',
        stac_version: '1.0.0',
        id: 'kuala-lumpur',
        geometry: null,
        properties: { datetime: '2026-01-01T00:00:00Z' },
        assets: { red: await keep(1000), nir: await keep(3000) },
        links: [],
      }
      const bbox = [101.7, 3.1, 101.702, 3.102]
      const request = { item, bbox, scale: 'none', outputs: ['item'], pin: false }
      const answer = await ask('/ndvi', { method: 'POST', body: JSON.stringify(request) })
      assert.equal(answer.status, 200, answer.body.toString())
      const { grid, statistics } = json(answer.body)
      assert.equal(grid.crs, 'EPSG:3375')
      assert.equal(statistics.mean, 0.5)
    },
  )

  itProves('never makes an answer that Lambda would not carry', async () => {
    assert.ok(aws)
    for (const [size, status] of [
      [4 * 1024 * 1024, 200],
      [4 * 1024 * 1024 + 1, 413],
      [7 * 1024 * 1024, 413],
    ] as const) {
      const { root, blocks } = await importFile(noise(size), 'unixfs-v1-2025')
      for (const { cid, bytes } of blocks) {
        const object = { body: Buffer.from(bytes), etag: '"block"', contentType: '' }
        aws.s3.objects.set(`blocks/${blockKey(cid)}`, object)
      }
      const answer = await ask(`/ipfs/${root.toString()}`)
      assert.equal(answer.status, status, `${size} bytes`)
      assert.ok(answer.bytes <= MAX_RESPONSE_BYTES)
    }
  })

  itProves('signs the way to what is kept whole, which leads a stranger there', async () => {
    assert.ok(aws)
    const bytes = noise(5 * 1024 * 1024, 2)
    const { root, blocks } = await importFile(bytes, 'unixfs-v1-2025')
    const object = { body: Buffer.from(bytes), etag: '"whole"', contentType: '' }
    for (const block of blocks) {
      const kept = { ...object, body: Buffer.from(block.bytes) }
      aws.s3.objects.set(`blocks/${blockKey(block.cid)}`, kept)
    }
    aws.s3.objects.set(`files/${root.toString()}`, object)
    const answer = await ask(`/ipfs/${root.toString()}`)
    assert.equal(answer.status, 307)
    const response = await fetch(String(answer.headers['location']))
    assert.equal(response.status, 200)
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
  })

  itProves('asked nobody outside of this machine', () => {
    assert.doesNotMatch(api?.log() ?? '', /LEFT THE MACHINE/)
  })
})
