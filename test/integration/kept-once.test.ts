// A published result with its numbers lies in the store once: the bytes of each prefix are counted, and from them alone
// blocks, ranges and CARs are served, now and once everything has gone that expires.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { after, describe, it } from 'node:test'
import type { NdviReply } from '../../lib/http/reply.ts'
import { decodeCar } from '../../lib/ipld/car.ts'
import { matchesCid, parseCid } from '../../lib/ipld/cid.ts'
import { fileCid } from '../../lib/ipld/importer.ts'
import { createBlockStore } from '../../lib/kept/block-store.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { importFile } from '../harness/import-dag.ts'
import { sceneItem } from '../harness/items.ts'
import { startS3Stub } from '../harness/s3-stub.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'
import { validateCar } from '../harness/validate-car.ts'

/** Of a result's own bytes, all that is kept of it together. */
const MOST = 1.05
const TOKEN = 'a-token-of-the-test-that-is-long-enough'

const signal = new AbortController().signal
const blocks = new MemoryBlocks()
const item = await sceneItem('s2-l2a-29RKH', blocks)
const gateway = await startGateway(blocks)
const s3 = await startS3Stub()
const env = { IPFS_GATEWAYS: gateway.url, API_TOKENS: `tests:${TOKEN}` }
const local = await startSystem({ ...env, PUBLISHERS: 'local' })
const deployed = await startSystem({
  ...env,
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
  PUBLISHERS: 's3',
  S3_BUCKET: s3.bucket,
  S3_REGION: s3.account.region,
  S3_ENDPOINT: s3.endpoint,
  S3_ACCESS_KEY_ID: s3.account.accessKeyId,
  S3_SECRET_ACCESS_KEY: s3.account.secretAccessKey,
})
after(async () => {
  await local.close()
  await deployed.close()
  await gateway.close()
  await s3.stop()
})

const request = { item, outputs: ['figure', 'cog'], max_size: 'full', pin: false }
const authorization = { authorization: `Bearer ${TOKEN}` }

interface Kept {
  readonly system: TestSystem
  /** Bytes by key. */
  sizes(): Promise<ReadonlyMap<string, number>>
  read(key: string): Promise<Uint8Array>
  remove(key: string): Promise<void>
}

const onDisk: Kept = {
  system: local,
  async sizes() {
    const found = await readdir(local.dataDir, { recursive: true, withFileTypes: true })
    const files = found.filter((entry) => entry.isFile())
    const sizes = files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      const key = relative(local.dataDir, path).split(sep).join('/')
      return [key, (await stat(path)).size] as const
    })
    return new Map(await Promise.all(sizes))
  },
  read: (key) => readFile(join(local.dataDir, key)),
  remove: (key) => rm(join(local.dataDir, key)),
}

const inBucket: Kept = {
  system: deployed,
  sizes: async () => new Map([...s3.objects].map(([key, { body }]) => [key, body.length])),
  read: async (key) => s3.objects.get(key)?.body ?? new Uint8Array(0),
  remove: async (key) => void s3.objects.delete(key),
}

/** Blocks of others that were read, on the disk and in the store, are no part of a result. */
const ofOthers = /^(cache|read|scratch|~tmp|~locks)\//

/** Of all that the store has: bytes by the first part of the key, and together. */
async function count(kept: Kept) {
  const byPrefix = new Map<string, number>()
  for (const [key, size] of await kept.sizes()) {
    if (ofOthers.test(key)) continue
    const prefix = key.split('/')[0] ?? ''
    byPrefix.set(prefix, (byPrefix.get(prefix) ?? 0) + size)
  }
  const all = [...byPrefix.values()].reduce((sum, size) => sum + size, 0)
  return { byPrefix: Object.fromEntries(byPrefix), all }
}

function sizeOf({ assets }: NdviReply): number {
  return Object.values(assets).reduce((sum, { size }) => sum + size, 0)
}

for (const [name, kept] of [
  ['on this machine', onDisk],
  ['in a bucket', inBucket],
] as const) {
  describe(`a result with its numbers ${name}`, { concurrency: false }, async () => {
    const { system } = kept
    const made = await system.ndvi(request, authorization)
    const size = sizeOf(made)
    const root = made.root.cid
    const cog = made.assets['cog']?.cid ?? ''
    const fetchFrom = (path: string, headers = {}) => fetch(`${system.base}${path}`, { headers })
    const folder = `published/${root}`

    it('lies there once before anybody publishes it', async (t) => {
      const { all, byPrefix } = await count(kept)
      t.diagnostic(`${size} bytes of files; ${JSON.stringify(byPrefix)}`)
      assert.ok(all <= MOST * size, `${all / size} times its size: ${JSON.stringify(byPrefix)}`)
      assert.ok((byPrefix['files'] ?? 0) > 0.9 * size)
      assert.equal(byPrefix['published'], undefined)
    })

    it('lies there once when it was published, under one prefix', async (t) => {
      const { publications } = await system.ndvi({ ...request, pin: true }, authorization)
      assert.equal(publications[0]?.status, 'held', JSON.stringify(publications))
      const { all, byPrefix } = await count(kept)
      t.diagnostic(`${size} bytes of files; ${JSON.stringify(byPrefix)}`)
      assert.ok(all <= MOST * size, `${all / size} times its size: ${JSON.stringify(byPrefix)}`)
      assert.equal(byPrefix['files'], undefined)
      for (const { href, cid } of Object.values(made.assets)) {
        const file = href.split('/').at(-1) ?? ''
        const bytes = new Uint8Array(await kept.read(`${folder}/${file}`))
        assert.equal((await fileCid(bytes)).toString(), cid, file)
      }
    })

    it('with another ramp has the same numbers without a second copy', async () => {
      const other = await system.ndvi({ ...request, colormap_name: 'greens' }, authorization)
      assert.equal(other.assets['cog']?.cid, cog)
      const { byPrefix } = await count(kept)
      assert.equal(byPrefix['files'], undefined, JSON.stringify(byPrefix))
      const whole = await fetchFrom(`/ipfs/${other.root.cid}/ndvi.tif`)
      assert.equal((await whole.arrayBuffer()).byteLength, other.assets['cog']?.size)
    })

    it('is served when all has gone that nobody published: file, range, block and CAR', async () => {
      for (const key of (await kept.sizes()).keys()) {
        if (/^(blocks|files|read|cache)\//.test(key)) await kept.remove(key)
      }
      const bytes = new Uint8Array(await kept.read(`${folder}/ndvi.tif`))
      const whole = await fetchFrom(`/ipfs/${root}/ndvi.tif`)
      assert.equal(whole.status, 200)
      assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes))
      const part = await fetchFrom(`/ipfs/${cog}`, { range: 'bytes=1048570-1048589' })
      assert.equal(part.status, 206)
      const range = Buffer.from(await part.arrayBuffer())
      assert.ok(range.equals(bytes.subarray(1_048_570, 1_048_590)))

      const dag = await importFile(bytes, 'unixfs-v1-2025')
      assert.equal(dag.root.toString(), cog)
      for (const { cid, bytes: block } of dag.blocks) {
        const raw = await fetchFrom(`/ipfs/${cid.toString()}?format=raw`)
        assert.equal(raw.status, 200, cid.toString())
        assert.ok(Buffer.from(await raw.arrayBuffer()).equals(block), cid.toString())
      }
      const some = await fetchFrom(
        `/ipfs/${root}/ndvi.tif?format=car&dag-scope=entity&entity-bytes=1048576:1048600`,
      )
      assert.equal(some.status, 200)
      const { blocks: sent } = await decodeCar(new Uint8Array(await some.arrayBuffer()))
      assert.ok(sent.every(({ cid, bytes: block }) => matchesCid(cid, block)))
      assert.equal(sent.length, 3, 'the directory, the node and one leaf')
      if (system !== local) return
      const car = await fetchFrom(`/ipfs/${root}?format=car`)
      await validateCar(new Uint8Array(await car.arrayBuffer()), parseCid(root))
    })

    it('is known as long as it is published, and published already', async () => {
      const known = await system.ndvi({ ...request, pin: true }, authorization)
      assert.equal(known.cached, true)
      assert.equal(known.root.cid, root)
      assert.equal(known.publications[0]?.status, 'held')
    })

    it('of which a file was damaged where it lies is not served, and mended by computing it anew', async () => {
      const key = `${folder}/ndvi.tif`
      const bytes = new Uint8Array(await kept.read(key))
      const damaged = bytes.with(2_000_000, (bytes[2_000_000] ?? 0) ^ 1)
      await system.services.objects.put(key, damaged, {}, signal)
      const asked = { range: 'bytes=1990000-2010000' }
      const part = await fetchFrom(`/ipfs/${root}/ndvi.tif`, asked)
      assert.equal(part.status, 404)
      await part.arrayBuffer()
      const anew = { ...authorization, 'cache-control': 'no-cache' }
      await system.ndvi({ ...request, pin: true }, anew)
      const { all } = await count(kept)
      assert.ok(all <= MOST * size, `${all / size} times its size`)
      assert.equal(digest(await kept.read(key)), digest(bytes))
      const mended = await fetchFrom(`/ipfs/${root}/ndvi.tif`, asked)
      assert.equal(mended.status, 206)
      await mended.arrayBuffer()
    })
  })
}

describe('what 0.3 kept in blocks', { concurrency: false }, () => {
  it('is served, and published from them', async () => {
    const bytes = new Uint8Array(3_000_000).map((_, at) => at * at)
    const dag = await importFile(bytes, 'unixfs-v1-2025')
    const earlier = createBlockStore(local.services.objects)
    for (const { cid, bytes: block } of dag.blocks) await earlier.put(cid, block, signal)
    const whole = await fetch(`${local.base}/ipfs/${dag.root.toString()}`)
    assert.equal(digest(new Uint8Array(await whole.arrayBuffer())), digest(bytes))
    assert.equal(await local.services.store.has(dag.root, signal), true)
    assert.equal(await local.services.store.locate(dag.root, signal), null)
  })
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
