// What hosts of catalogues do to readers: signatures that end, logins, requester pays, formats that are not read.
// Long: each manner with what the deployment makes of it.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import type { ScenesReply } from '../../lib/http/scenes.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { fileHost, stacApi } from '../harness/catalogue-hosts.ts'
import { ask, assertClean, startCatalogueWorld } from '../harness/catalogue-world.ts'
import {
  type Blobs,
  CANARY,
  type Catalogue,
  catalogues,
  landsatOfComputer,
  multihash,
  planetaryComputer,
} from '../harness/catalogues.ts'
import { dialectItem } from '../harness/dialects.ts'
import { startGateway } from '../harness/gateway.ts'

const world = await startCatalogueWorld()
after(() => world[Symbol.asyncDispose]())

const rest = { max_size: 'full', outputs: ['item'] } as const
const row = (name: string): Catalogue =>
  catalogues.find((each) => each.name.startsWith(name)) ?? assert.fail(name)
const searchOf = ({ collections }: Catalogue) => ({
  search: collections === undefined ? {} : { collections },
})
const asRed = (file: string) =>
  readFile(new URL(`../fixtures/synthetic/${file}.tif`, import.meta.url)).then(
    (bytes) => new Uint8Array(bytes),
  )

function computer(blobs: Blobs): Catalogue {
  const names = { name: 'short', collections: ['landsat-c2-l2'], scene: '', rule: 'stac' }
  const place = { account: 'landsateuwest', container: 'landsat-c2' }
  return planetaryComputer(names, landsatOfComputer, place, blobs)
}

describe('a token of Planetary Computer', () => {
  for (const [trust, uses] of [
    ['fingerprint', 2],
    ['transport', 1],
  ] as const) {
    it(`that ends in mid-read is got anew, and the scene is read (${trust})`, async () => {
      const blobs: Blobs = { uses, refuses: false, given: 0 }
      await using place = await world.visit(computer(blobs))
      const reply = await ask<NdviReply>(place, '/ndvi', {
        ...searchOf(computer(blobs)),
        ...rest,
        trust,
      })
      assert.equal(reply.proof?.trust, trust, JSON.stringify(reply))
      assert.equal(blobs.given, 2)
      await assertClean(place)
    })
  }

  it('that never does is asked for twice, and the problem says whose file wants a login', async () => {
    const blobs: Blobs = { uses: null, refuses: true, given: 0 }
    await using place = await world.visit(computer(blobs))
    const problem = await ask<Problem>(place, '/ndvi', {
      ...searchOf(computer(blobs)),
      ...rest,
      trust: 'transport',
    })
    assert.deepEqual([problem.status, problem.code], [422, 'login_needed'])
    assert.match(problem.detail, /landsateuwest.*_B[45]\.TIF wants a login or a signature/)
    assert.ok(blobs.given <= 3, `${blobs.given}`)
    await assertClean(place)
  })
})

describe('a login page of USGS', () => {
  it('is told, and where the bucket is asked for instead', async () => {
    const usgs = row('USGS, landsat-c2l2-sr')
    await using place = await world.visit(usgs, {})
    for (const trust of ['fingerprint', 'transport']) {
      const problem = await ask<Problem>(place, '/ndvi', { ...searchOf(usgs), ...rest, trust })
      assert.deepEqual([problem.status, problem.code], [422, 'login_needed'], trust)
      assert.match(
        problem.detail,
        /landsatlook.* wants a login: it redirects to ers\.cr\.usgs\.gov/,
      )
    }
    const { scenes } = await ask<ScenesReply>(place, '/scenes?collections=landsat-c2l2-sr')
    assert.equal(scenes[0]?.bands.red.from, 'login_needed')
    assert.match(scenes[0]?.bands.red.reason ?? '', /ers\.cr\.usgs\.gov/)
    await assertClean(place)
  })
})

describe('a token of Earthdata', () => {
  const hls = row('LP DAAC, HLSS30')

  it('goes to its own host, and not along the redirect', async () => {
    await using place = await world.visit(hls)
    await ask<NdviReply>(place, '/ndvi', { ...searchOf(hls), ...rest })
    const told = world.hosts.asked.filter(({ headers }) => headers.authorization !== undefined)
    assert.ok(told.length > 0)
    assert.deepEqual(new Set(told.map(({ url }) => new URL(url).host)).size, 1)
    const signed = world.hosts.asked.filter(({ url }) => url.includes('cloudfront.net'))
    assert.ok(signed.length >= told.length)
    await assertClean(place)
  })

  it('that is not there is told as a login', async () => {
    await using place = await world.visit(hls, {})
    const problem = await ask<Problem>(place, '/ndvi', { ...searchOf(hls), ...rest })
    assert.deepEqual([problem.status, problem.code], [422, 'login_needed'])
    assert.match(problem.detail, /wants a login: it redirects to urs\.earthdata\.nasa\.gov/)
  })

  it('is not spent for who has no token of the deployment', async () => {
    const ann = 'token-of-ann-0123456789'
    const deployed = { ...hls.env, AWS_LAMBDA_FUNCTION_NAME: 'x', API_TOKENS: `ann:${ann}` }
    await using place = await world.visit(hls, deployed)
    const body = { ...searchOf(hls), ...rest, trust: 'transport', pin: false }
    assert.equal((await ask<Problem>(place, '/ndvi', body)).code, 'login_needed')
    assert.ok(world.hosts.asked.every(({ headers }) => headers.authorization === undefined))
    const { scenes } = await ask<ScenesReply>(place, '/scenes')
    assert.equal(scenes[0]?.bands.red.from, 'login_needed')
    const as = { authorization: `Bearer ${ann}` }
    assert.equal((await ask<NdviReply>(place, '/ndvi', body, as)).proof.trust, 'transport')
    await assertClean(place)
  })
})

describe('a format that is not read', () => {
  const SAFE = 'S2B_MSIL2A_20230723T142709_N0509_R053_T20MRB_20230723T191211'
  const base = {
    type: 'Feature',
    stac_version: '1.1.0',
    id: SAFE,
    collection: 'sentinel-2-l2a',
    geometry: null,
    properties: { datetime: '2023-07-23T14:27:09Z', platform: 'sentinel-2b' },
    links: [],
  }
  const common = (name: string, common_name: string) => ({ name, 'eo:common_name': common_name })
  const items: Readonly<Record<string, JsonObject>> = {
    'JPEG 2000 of Copernicus Data Space': {
      ...base,
      assets: Object.fromEntries(
        ['B04', 'B08'].map((band) => [
          `${band}_10m`,
          {
            href: `s3://eodata/Sentinel-2/MSI/L2A/${SAFE}.SAFE/${band}_10m.jp2`,
            type: 'image/jp2',
            'file:checksum': `d50110${'0'.repeat(32)}`,
          },
        ]),
      ),
    },
    'Zarr of the EOPF samples': {
      ...base,
      assets: {
        SR_10m: {
          href: `https://objects.eodc.eu/e05/${SAFE}.zarr/measurements/reflectance/r10m`,
          type: 'application/vnd+zarr; version=2; profile=multiscales',
          bands: [common('b04', 'red'), common('b08', 'nir')],
        },
      },
    },
  }
  for (const [name, item] of Object.entries(items)) {
    it(`(${name}) is refused with the searches that find the scene as GeoTIFFs`, async () => {
      const tried = { 'sentinel-2-l2a': 'Earth Search v1', 'sentinel-2-c1-l2a': 'Earth Search, Co' }
      for (const [collection, catalogue] of Object.entries(tried)) {
        await using place = await world.visit(row(catalogue))
        const problem = await ask<Problem>(place, '/ndvi', { item, ...rest })
        assert.deepEqual([problem.status, problem.code], [422, 'asset_unusable'])
        const asked = [
          ...problem.detail.matchAll(/ask with (\{.*\}), or of Collection 1 with (\{.*\})\.$/g),
        ]
        const [, byId = '', byTile = ''] = asked[0] ?? []
        assert.ok(byId.includes('"S2B_20MRB_20230723_0_L2A"'), problem.detail)
        const body: JsonObject = JSON.parse(collection === 'sentinel-2-l2a' ? byId : byTile)
        const { search } = body
        // The API of these tests has no `query`: by tile, the day alone is asked for.
        const { query: _, ...without } = Object(search)
        const reply = await ask<NdviReply>(place, '/ndvi', { search: without, ...rest })
        assert.equal(reply.item?.collection, collection, JSON.stringify(reply))
      }
    })
  }
})

describe('a search that wants CIDs', () => {
  it('passes over items without, however clear, and takes those whose catalogue names them', async () => {
    const blocks = new MemoryBlocks()
    const gateway = await startGateway(blocks)
    const described = await dialectItem('Landsat without bitfields', blocks)
    const href = (key: string) => ({ href: `https://files.example/${key}.TIF` })
    const item = (id: string, cloud: number, assets: JsonObject): JsonObject => ({
      ...described,
      id,
      collection: 'c',
      properties: { ...Object(described['properties']), 'eo:cloud_cover': cloud },
      assets,
    })
    const plain = { red: href('red'), nir08: href('nir') }
    const cids = Object(described['assets'])
    const base = 'LC09_L2SP_231062_20230723_20230802_02_T1'
    const items = [item(`${base}_clear`, 0, plain), item(`${base}_other`, 50, cids)]
    const named = [item(`${base}_clear`, 0, { red: cids.red, nir08: cids.nir08 })]
    const catalogue = {
      api: 'https://stac.example/v1',
      env: { IPFS_GATEWAYS: gateway.url, ALLOW_PRIVATE_HOSTS: 'true' },
      start: async () => ({
        item: items[0] ?? {},
        answers: new Map([
          ['stac.example', stacApi(() => items)],
          ['cids.example', stacApi(() => named)],
        ]),
      }),
    }
    const body = { search: { collections: ['c'] }, ...rest, trust: 'cid' }
    {
      await using place = await world.visit(catalogue)
      const reply = await ask<NdviReply>(place, '/ndvi', body)
      assert.equal(reply.item?.id, `${base}_other`, JSON.stringify(reply))
      assert.match(reply.item.chosen, /1 better item was passed over: .*_clear names no IPFS CID/)
    }
    const env = { ...catalogue.env, CATALOG_URL: 'https://cids.example/v1' }
    await using place = await world.visit(catalogue, env)
    const reply = await ask<NdviReply>(place, '/ndvi', body)
    assert.deepEqual([reply.item?.id, reply.proof.trust], [`${base}_clear`, 'cid'])
    await gateway.close()
  })
})

describe('an item with CIDs', () => {
  it('of EASIER is read by them, with its producer’s sha2-512', async () => {
    const blocks = new MemoryBlocks()
    const described = await dialectItem('Landsat without bitfields', blocks)
    const red = await asRed('landsat-red')
    const assets = Object.entries(Object(described['assets'])).map(([key, asset]) => [
      key,
      {
        ...Object(asset),
        href: `https://landsatlook.usgs.gov/data/${key}.TIF`,
        ...(key === 'red' ? { 'file:checksum': multihash('sha512', red) } : {}),
      },
    ])
    const collection = 'landsat-c2l2-sr'
    const item = { ...described, collection, assets: Object.fromEntries(assets) }
    const gateway = await startGateway(blocks)
    const easier: Catalogue = {
      ...row('USGS, landsat-c2l2-sr'),
      api: 'https://stac.easierdata.info',
      start: async () => ({
        item,
        answers: new Map([['stac.easierdata.info', stacApi(() => [item], '')]]),
      }),
    }
    await using place = await world.visit(easier, {
      IPFS_GATEWAYS: gateway.url,
      ALLOW_PRIVATE_HOSTS: 'true',
    })
    const reply = await ask<NdviReply>(place, '/ndvi', {
      search: { collections: [collection] },
      ...rest,
      trust: 'cid',
    })
    assert.equal(reply.proof?.trust, 'cid', JSON.stringify(reply))
    assert.deepEqual(reply.proof.bands['red']?.producer_checksum, {
      status: 'verified',
      algorithm: 'sha2-512',
      whose: 'producer',
      by: 'USGS, the producer',
    })
    await gateway.close()
  })
})

describe('a file', () => {
  const bytes = ['landsat-red', 'landsat-nir'] as const
  const kinds = [
    ['MD5', (file: Uint8Array) => multihash('md5', file), /MD5, which is known and not checked/],
    [
      'SHA-1',
      (file: Uint8Array) => multihash('sha1', file),
      /SHA-1, which is known and not checked/,
    ],
    ['BLAKE3', () => `1e20${'0'.repeat(64)}`, /BLAKE3, which is known and not checked/],
    ['a bare hash', (file: Uint8Array) => multihash('sha256', file).slice(4), /not a sha2-256/],
  ] as const

  async function start(
    checksum: (file: Uint8Array) => string,
    ranges: boolean,
  ): Promise<Catalogue> {
    const { files, answer } = fileHost('https://files.example')
    files.ranges = ranges
    const [red, nir] = await Promise.all(bytes.map(asRed))
    assert.ok(red && nir)
    files.put('B4.TIF', red)
    files.put('B5.TIF', nir)
    const asset = (name: string, file: Uint8Array) => ({
      href: `https://files.example/${name}?X-Amz-Signature=${CANARY}`,
      'checksum:multihash': checksum(file),
    })
    const item: JsonObject = {
      type: 'Feature',
      stac_version: '1.0.0',
      id: 'LC09_L2SP_231062_20230723_20230802_02_T1',
      collection: 'c',
      geometry: null,
      properties: { datetime: '2023-07-23T14:27:09Z' },
      assets: { red: asset('B4.TIF', red), nir08: asset('B5.TIF', nir) },
      links: [],
    }
    const answers = new Map([
      ['stac.example', stacApi(() => [item])],
      ['files.example', answer],
    ])
    const api = 'https://stac.example/v1'
    return {
      ...row('USGS'),
      api,
      collections: ['c'],
      env: {},
      start: async () => ({ item, answers }),
    }
  }

  for (const [name, checksum, reason] of kinds) {
    it(`whose checksum is ${name} is fingerprinted, and the reply says that it was not checked`, async () => {
      const catalogue = await start(checksum, true)
      await using place = await world.visit(catalogue)
      const { fingerprints } = await ask<FingerprintReply>(place, '/fingerprint', {
        ...searchOf(catalogue),
      })
      const told = fingerprints['red']?.producer_checksum
      assert.ok(told?.status === 'unsupported', JSON.stringify(told))
      assert.match(told.reason, reason)
      await assertClean(place)
    })
  }

  it('of a server without ranges is fingerprinted in one stream, and not read over TLS in ranges', async () => {
    const catalogue = await start((file) => multihash('sha256', file), false)
    await using place = await world.visit(catalogue)
    const body = { ...searchOf(catalogue), ...rest }
    const reply = await ask<NdviReply>(place, '/ndvi', body)
    assert.equal(reply.proof?.trust, 'fingerprint', JSON.stringify(reply))
    assert.equal(reply.proof.bands['red']?.producer_checksum.status, 'verified')
    await assertClean(place)
  })
})
