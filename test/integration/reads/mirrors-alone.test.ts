// The gateways are gone: inner nodes from our own store, leaves from the file's plain https address, every byte
// checked.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { makeCertificate, trust } from '../../harness/certificate.ts'
import { startGateway } from '../../harness/gateway.ts'
import { assetsOf, sceneItem, withAssets } from '../../harness/items.ts'
import { type Deed, type RangeServer, startRangeServer } from '../../harness/range-server.ts'
import { sceneFile } from '../../harness/scenes.ts'
import { startSystem, type TestSystem } from '../../harness/system.ts'

const SCENE = 'l8-c2l1-corumba-before'
const fresh = { 'cache-control': 'no-cache' }
/** About 100 pixels square, in the middle of the scene. */
const bbox = [-57.56, -19.96, -57.53, -19.93]

let dataDir: string
let mirror: RangeServer
let item: JsonObject
/** Address of the gateway that no longer answers. */
let gone: string
let inNobodysHands: JsonObject
let expected: { window: unknown; overview: unknown }

const env = (gateway: string) => ({
  DATA_DIR: dataDir,
  IPFS_GATEWAYS: gateway,
  ALLOW_PRIVATE_HOSTS: 'true',
})

/** A process that starts where the last one ended, with the same store and nothing on its own disk. */
async function afterTheGateways(test: (system: TestSystem) => Promise<void>): Promise<void> {
  await rm(join(dataDir, 'cache'), { recursive: true, force: true })
  const system = await startSystem(env(gone))
  try {
    await test(system)
  } finally {
    await system.close()
  }
}

before(async () => {
  const certificate = makeCertificate()
  trust(certificate)
  dataDir = await mkdtemp(join(tmpdir(), 'greenprint-mirrors-'))
  const files = {
    'red.tif': await sceneFile(SCENE, 'red'),
    'nir08.tif': await sceneFile(SCENE, 'nir08'),
  }
  mirror = await startRangeServer(files, certificate)
  const blocks = new MemoryBlocks()
  inNobodysHands = await sceneItem(SCENE, blocks)
  const assets = Object.entries(assetsOf(inNobodysHands)).map(([key, asset]) => [
    key,
    { ...(isJsonObject(asset) ? asset : {}), href: `${mirror.url}/${key}.tif` },
  ])
  item = withAssets(inNobodysHands, Object.fromEntries(assets))

  // While a gateway lives, one overview is made: that is how inner nodes are kept.
  const gateway = await startGateway(blocks)
  const system = await startSystem(env(gateway.url))
  const overview = await system.ndvi({ item: inNobodysHands, max_size: 256 })
  await system.close()
  const other = await startSystem({ IPFS_GATEWAYS: gateway.url })
  const window = await other.ndvi({ item: inNobodysHands, bbox, max_size: 'full' })
  await other.close()
  await gateway.close()
  gone = gateway.url
  expected = { window: window.statistics, overview: overview.statistics }
})

after(async () => {
  await mirror.close()
  await rm(dataDir, { recursive: true, force: true })
})

describe('with the gateways gone and the copy alive', () => {
  it('a window at full resolution is computed from ranges of the copy', () =>
    afterTheGateways(async ({ ndvi }) => {
      mirror.asked.length = 0
      const { statistics, proof, grid } = await ndvi({ item, bbox, max_size: 'full' }, fresh)
      assert.deepEqual(statistics, expected.window)
      assert.equal(grid.level, 0)
      for (const band of [proof.bands['red'], proof.bands['nir']]) {
        // The root, and the leaf that the header lies in.
        assert.equal(band?.sources['read'], 2)
        assert.ok((band.sources[mirror.url] ?? 0) > 0)
        assert.deepEqual(Object.keys(band.sources).toSorted(), [mirror.url, 'read'].toSorted())
      }
      assert.ok(mirror.asked.every(({ range }) => range !== null))
    }))

  it('an overview lies in the front, which is kept too', () =>
    afterTheGateways(async ({ ndvi }) => {
      const { statistics, proof } = await ndvi({ item, max_size: 256 }, fresh)
      assert.deepEqual(statistics, expected.overview)
      const { sources = {}, blocks = 0 } = proof.bands['red'] ?? {}
      assert.deepEqual(sources, { read: blocks })
    }))

  it('the copy’s part is really needed: without its address nobody has the leaves', () =>
    afterTheGateways(async ({ refused }) => {
      const problem = await refused({ item: inNobodysHands, bbox, max_size: 'full' }, fresh)
      assert.equal(problem.code, 'content_unavailable')
      assert.deepEqual(problem.details, [`${gone}: connection refused`])
    }))

  const deeds: readonly (readonly [Deed, RegExp])[] = [
    ['flips one bit', /: its bytes \d+ to \d+ fit the CID in no known leaf encoding$/],
    ['has another file', /: its bytes \d+ to \d+ fit the CID in no known leaf encoding$/],
    ['shows a log-in page', /: wants a login: it answers with a web page$/],
    [{ status: 403 }, /: HTTP 403$/],
  ]
  for (const [deed, reason] of deeds) {
    const name = typeof deed === 'string' ? deed : `answers ${deed.status}`
    it(`a copy that ${name} makes no wrong number, but an error that names it`, () =>
      afterTheGateways(async ({ refused }) => {
        mirror.deed = deed
        try {
          const problem = await refused({ item, bbox, max_size: 'full' }, fresh)
          assert.equal(problem.code, 'content_unavailable')
          assert.match(problem.detail, /^Asset "(red|nir08)" \(ipfs:\/\/Qm\w+\): No source could/)
          const line = problem.details?.find((detail) => detail.startsWith(`${mirror.url}: `))
          assert.match(line ?? '', reason)
        } finally {
          mirror.deed = 'serve'
        }
      }))
  }
})
