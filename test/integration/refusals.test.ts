// What a request leaves: nothing where it is refused, a bounded share of the cache where it was interrupted, and what
// was read of others is served to nobody.

import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks, noise } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { hostileTiffs } from '../harness/hostile-tiffs.ts'
import { assetsOf, ipfsAsset, sceneItem, withAssets } from '../harness/items.ts'
import { keptFiles } from '../harness/kept-files.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

const TOKEN = 'a-token-of-some-length'
const MB = 1024 * 1024
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const other = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
const deployed = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-refusals', IPFS_GATEWAYS: gateway.url }
const start = () => startSystem({ ...deployed, API_TOKENS: `test:${TOKEN}` })
const asHolder = { authorization: `Bearer ${TOKEN}` }
let system = await start()
after(async () => {
  await system.close()
  await gateway.close()
})
afterEach(() => {
  gateway.behaviour = 'serve'
})

async function assetOf(bytes: Uint8Array<ArrayBuffer>): Promise<JsonObject> {
  return ipfsAsset((await blocks.add(bytes)).toString())
}

function cidOf(asset: unknown): string {
  const { href } = Object(asset)
  return String(href).slice('ipfs://'.length)
}

async function kept(of: TestSystem = system): Promise<Map<string, number>> {
  await of.services.settle()
  return keptFiles(of.dataDir)
}

async function folders(): Promise<string[]> {
  const names = [...(await kept()).keys()].map((path) => path.split('/')[0] ?? '')
  return [...new Set(names)].toSorted((one, another) => one.localeCompare(another))
}

async function served(cid: string): Promise<number[]> {
  const forms = ['', '?format=raw', '?format=car']
  return Promise.all(
    forms.map(async (form) => (await fetch(`${system.base}/ipfs/${cid}${form}`)).status),
  )
}

describe('a request that is refused', async () => {
  const large = await assetOf(noise(30 * MB))
  const { red, nir08 } = assetsOf(item)
  const cases: [name: string, body: object][] = [
    ['files that are no rasters', { item: withAssets(item, { red: large, nir08: large }) }],
    ['one band that is none', { item: withAssets(item, { nir08: large }) }],
    ['bands of two grids', { item: withAssets(item, { nir08: Object(assetsOf(other)).nir08 }) }],
    ['an area elsewhere', { item, bbox: [10, 50, 11, 51] }],
    ['a quality band that is not there', { item, mask: ['clouds'] }],
    [
      'a CID of a directory that is none',
      {
        item: withAssets(item, {
          red: { ...Object(red), href: `ipfs://${cidOf(nir08)}/a.tif`, alternate: {} },
        }),
      },
    ],
  ]
  for (const [name, tiff, words] of hostileTiffs) {
    if (words === null) continue
    const band = await assetOf(tiff())
    cases.push([name, { item: withAssets(item, { red: band, nir08: band }), max_size: 'full' }])
  }
  for (const headers of [{}, asHolder]) {
    for (const [name, body] of cases) {
      it(`leaves nothing, ${headers === asHolder ? 'with' : 'without'} a token: ${name}`, async () => {
        const before = await kept()
        const { status, code } = await system.refused({ scale: 'none', ...body }, headers)
        assert.ok(status >= 400 && status < 500, `${status} ${code}`)
        assert.deepEqual(await kept(), before)
      })
    }
  }

  it('makes nobody’s file served here', async () => {
    assert.deepEqual(await served(cidOf(large)), [404, 404, 404])
    assert.deepEqual(await served(cidOf(red)), [404, 404, 404])
  })
})

describe('a request that is interrupted', () => {
  it('leaves its verified blocks in this machine’s cache alone, a share of it', async () => {
    await system.close()
    system = await start()
    // The other band is nowhere.
    const lost = ipfsAsset('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
    const body = { item: withAssets(item, { nir08: lost }), max_size: 'full', scale: 'none' }
    let left = await kept()
    // Which of the two bands is answered first, chance says.
    for (let tries = 0; tries < 20 && left.size === 0; tries++) {
      const { status, code } = await system.refused(body)
      assert.deepEqual([status, code], [502, 'content_unavailable'])
      left = await kept()
    }
    assert.ok(left.size > 0)
    assert.ok(
      [...left.keys()].every((path) => path.startsWith('cache/')),
      [...left.keys()].join(),
    )
    assert.ok([...left.values()].reduce((sum, size) => sum + size, 0) <= 64 * MB)
  })
})

describe('a request that is answered', () => {
  it('leaves, without a token, its result among those of visitors, and nothing else that lasts', async () => {
    await system.close()
    system = await start()
    const reply = await system.ndvi({ item, max_size: 256 })
    assert.deepEqual(await folders(), ['cache', 'visitors'])
    assert.equal((await fetch(`${system.base}/ipfs/${reply.root.cid}/figure.png`)).status, 200)
    assert.deepEqual(await served(cidOf(assetsOf(item).red)), [404, 404, 404])
  })

  it('leaves what no reading does without for others, with a token; it is not served', async () => {
    await system.close()
    system = await start()
    await system.ndvi({ item, max_size: 256, pin: false }, asHolder)
    assert.deepEqual(await folders(), ['beside', 'blocks', 'cache', 'catalogue', 'read', 'results'])
    assert.deepEqual(await served(cidOf(assetsOf(item).red)), [404, 404, 404])
  })
})
