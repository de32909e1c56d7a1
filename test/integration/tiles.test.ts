// Tiles over the API: their addresses, their forms, what caches are told, and what they are refused for.
// Long: many requests to one system.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import type { Problem } from '../../lib/http/problem.ts'
import type { TileJson } from '../../lib/http/tilejson.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem, withAssets } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('l9-c2l2-manaus', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
const local = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await system.close()
  await local.close()
  await gateway.close()
})

type Fields = Readonly<Record<string, unknown>>

function queryOf(fields: Fields): string {
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return new URLSearchParams(Object.fromEntries(texts)).toString()
}

const ask = (path: string, fields: Fields = { item }, headers: Record<string, string> = {}) =>
  fetch(`${system.base}${path}?${queryOf(fields)}`, { headers })

async function pixelsOf(response: Response): Promise<Buffer> {
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.clone().text())
  return sharp(await response.arrayBuffer())
    .ensureAlpha()
    .raw()
    .toBuffer()
}

/** Pixels that are not alike, the colours under transparent ones left out. */
function differing(one: Buffer, other: Buffer): number {
  assert.equal(one.length, other.length)
  let count = 0
  for (let at = 0; at < one.length; at += 4) {
    const isSame = one.readUInt32BE(at) === other.readUInt32BE(at)
    if (!isSame && (one[at + 3] !== 0 || other[at + 3] !== 0)) count++
  }
  return count
}

const opaque = (pixels: Buffer) => pixels.filter((byte, at) => at % 4 === 3 && byte === 255).length

const TILE = '/tiles/12/1366/2083'

describe('a tile', () => {
  it('is a PNG or a WebP as its address says, of 256 or 512 pixels, whatever is accepted', async () => {
    const sizes: Record<string, number> = {}
    for (const [name, format, size] of [
      ['.png', 'png', 256],
      ['.webp', 'webp', 256],
      ['@2x.png', 'png', 512],
      ['@2x.webp', 'webp', 512],
    ] as const) {
      const response = await ask(`${TILE}${name}`, { item }, { accept: 'text/html' })
      assert.equal(response.headers.get('content-type'), `image/${format}`)
      const bytes = await response.arrayBuffer()
      const { format: is, width, height } = await sharp(bytes).metadata()
      assert.deepEqual([is, width, height], [format, size, size])
      sizes[name] = bytes.byteLength
    }
    assert.ok((sizes['.webp'] ?? 0) < (sizes['.png'] ?? 0), JSON.stringify(sizes))
  })

  it('without an ending is what is accepted, and says so to caches', async () => {
    const tags = new Set<string | null>()
    for (const [accept, type] of [
      ['*/*', 'png'],
      ['image/avif,image/webp,image/*,*/*;q=0.8', 'webp'],
      ['image/webp;q=0.5,image/png', 'png'],
      ['text/html', 'png'],
    ] as const) {
      const response = await ask(`${TILE}@2x`, { item }, { accept })
      const { headers } = response
      assert.deepEqual(
        [headers.get('content-type'), headers.get('vary')],
        [`image/${type}`, 'Accept'],
      )
      tags.add(headers.get('etag'))
      const known = { accept, 'if-none-match': headers.get('etag') ?? '' }
      const again = await ask(`${TILE}@2x`, { item }, known)
      assert.deepEqual([again.status, again.headers.get('vary')], [304, 'Accept'])
    }
    assert.equal(tags.size, 2)
    assert.equal((await ask(`${TILE}.png`)).headers.get('vary'), null)
  })

  it('has the same pixels as WebP', async () => {
    const [png, webp] = [await ask(`${TILE}.png`), await ask(`${TILE}.webp`)]
    const [one, other] = [await pixelsOf(png), await pixelsOf(webp)]
    // The colour under a transparent pixel means nothing.
    const isSeen = (at: number) => at % 4 === 3 || one[at | 3] === 255
    const differs = (byte: number, at: number) => Math.abs(byte - (other[at] ?? 0)) > 6
    const far = one.filter((byte, at) => isSeen(at) && differs(byte, at)).length
    assert.equal(far, 0)
  })

  it('may be kept for ever where the item itself names the CIDs, and is not sent twice', async () => {
    const first = await ask(`${TILE}.png`)
    const etag = first.headers.get('etag') ?? ''
    assert.match(etag, /^"[0-9a-f]{16}"$/)
    assert.match(first.headers.get('cache-control') ?? '', /immutable/)
    const again = await ask(`${TILE}.png`, { item }, { 'if-none-match': etag })
    assert.deepEqual([again.status, await again.text()], [304, ''])
    const others = [
      await ask(`${TILE}@2x.png`),
      await ask('/tiles/12/1366/2082.png'),
      await ask(`${TILE}.png`, { item, rescale: '0,1' }),
      await ask(`${TILE}.png`, { item, colormap_name: 'viridis' }),
      await ask(`${TILE}.png`, { item, resampling: 'bilinear' }),
      await ask(`${TILE}.png`, { item, scale: 'none' }),
    ].map(({ headers }) => headers.get('etag'))
    assert.equal(new Set([etag, ...others]).size, 7)
  })

  it('is transparent outside of the scene and of what was asked for', async () => {
    assert.equal(opaque(await pixelsOf(await ask('/tiles/12/0/0.png'))), 0)
    const whole = opaque(await pixelsOf(await ask('/tiles/10/341/520.png')))
    const bbox = '-59.93,-3.16,-59.87,-3.1'
    const part = opaque(await pixelsOf(await ask('/tiles/10/341/520.png', { item, bbox })))
    // 0.06 degrees are 43.7 pixels of zoom 10, along both axes so near to the equator.
    assert.ok(Math.abs(part - 43.7 ** 2) < 90, String(part))
    assert.ok(whole > 5 * part)
    const triangle = {
      type: 'Polygon',
      coordinates: [
        [
          [-59.93, -3.16],
          [-59.87, -3.16],
          [-59.93, -3.1],
          [-59.93, -3.16],
        ],
      ],
    }
    const half = opaque(
      await pixelsOf(await ask('/tiles/10/341/520.png', { item, geometry: triangle })),
    )
    assert.ok(Math.abs(half - part / 2) < 60, `${half} of ${part}`)
  })

  it('is read in one round trip once the scene is open, and not again', async () => {
    const other = await sceneItem('s2-l2a-29RKH', blocks)
    const query = { item: other }
    await ask('/tilejson.json', query)
    const before = gateway.asked.length
    gateway.latencyMs = 1500
    const drawing = Promise.all([
      ask('/tiles/13/3836/3514.png', query),
      ask('/tiles/13/3837/3514.png', query),
    ])
    while (gateway.asked.length === before) await sleep(20)
    // Whatever is needed is asked for before anything of it has come.
    await sleep(1000)
    const atOnce = gateway.asked.length
    const [one] = await drawing
    gateway.latencyMs = 0
    assert.ok(opaque(await pixelsOf(one)) > 0)
    assert.equal(gateway.asked.length, atOnce)
    const needed = gateway.asked.length - before
    assert.equal(new Set(gateway.asked.slice(before)).size, needed)
    await ask('/tiles/13/3836/3514.png', { ...query, colormap_name: 'viridis' })
    assert.equal(gateway.asked.length - before, needed)
  })
})

describe('a map', () => {
  it('is told as TileJSON, whose addresses lead to tiles', async () => {
    const tileJson = await json<TileJson>(await ask('/tilejson.json', { item, rescale: '0,1' }))
    assert.equal(tileJson.trust, 'cid')
    assert.deepEqual([tileJson.minzoom, tileJson.maxzoom], [10, 13])
    const bounds = [-60.009106, -3.2076826, -59.7792951, -3.0801639]
    assert.deepEqual(tileJson.bounds, bounds)
    const [address = ''] = tileJson.tiles
    const { pathname, search } = new URL(
      address.replace('{z}', '12').replace('{x}', '1366').replace('{y}', '2083'),
    )
    const told = await pixelsOf(await fetch(`${system.base}${pathname}${search}`))
    assert.equal(
      differing(told, await pixelsOf(await ask(`${TILE}.png`, { item, rescale: '0,1' }))),
      0,
    )
    const large = await json<TileJson>(
      await ask('/tilejson.json', { item, tile_format: 'webp', tile_scale: '2' }),
    )
    assert.match(large.tiles[0] ?? '', /\{y\}@2x\.webp\?item=/)
  })

  it('is told as WMTS to clients that add fields of their own to its address', async () => {
    const plain = await (await ask('/WMTSCapabilities.xml', { item })).text()
    for (const added of [
      { service: 'WMTS', request: 'GetCapabilities', version: '1.0.0' },
      { SERVICE: 'wmts', Request: 'getcapabilities', AcceptVersions: '1.0.0' },
    ]) {
      const response = await ask('/WMTSCapabilities.xml', { item, ...added })
      assert.deepEqual([response.status, await response.text()], [200, plain])
    }
    for (const [other, told] of [
      [{ service: 'WMS' }, /service=WMS is not answered.* ResourceURL/],
      [{ request: 'GetTile' }, /request=GetTile is not answered/],
      [{ styles: 'default' }, /Unrecognized key: "styles"/],
      [{ constructor: '1' }, /Unrecognized key: "constructor"/],
    ] as const) {
      const response = await ask('/WMTSCapabilities.xml', { item, ...other })
      assert.equal(response.status, 400)
      assert.match((await json<Problem>(response)).detail, told)
    }
  })

  it('of a published result is drawn of its values, for pages of other sites too', async () => {
    const { root } = await local.ndvi({ item, outputs: ['cog'], max_size: 'full' })
    // Its own pixels: an overview of NDVI is another one than the NDVI of an overview.
    const tile = `${local.base}/tiles/13/2733/4167.png`
    const headers = { 'sec-fetch-site': 'cross-site' }
    const drawn = await fetch(`${tile}?root=${root.cid}`, { headers })
    assert.match(drawn.headers.get('cache-control') ?? '', /immutable/)
    assert.equal(drawn.headers.get('access-control-allow-origin'), '*')
    const ofScene = await fetch(`${tile}?${queryOf({ item })}`)
    assert.ok(differing(await pixelsOf(drawn), await pixelsOf(ofScene)) < 10)
    const foreign = await fetch(`${tile}?${queryOf({ item })}`, { headers })
    assert.equal((await json<Problem>(foreign)).code, 'cross_site')
    // A root that lies at a gateway, and not here.
    const elsewhere = await blocks.add(await sceneFile('s2-l2a-29RKH', 'red'), 'unixfs-v0-2015')
    const asked = gateway.asked.length
    const unknown = await fetch(`${tile}?root=${elsewhere.toString()}`, { headers })
    assert.deepEqual([unknown.status, gateway.asked.length], [502, asked])
    const { root: bare } = await local.ndvi({ item, outputs: ['layer'] })
    const without = await json<Problem>(await fetch(`${tile}?root=${bare.cid}`))
    assert.deepEqual([without.status, without.code], [422, 'asset_unusable'])
  })
})

describe('a map of files without CIDs', () => {
  it('is read unverified where that is accepted, verified once they are fingerprinted, and not where they changed', async () => {
    const host = await startCopyHost()
    try {
      host.put('red.tif', await sceneFile('l9-c2l2-manaus', 'red'))
      host.put('nir08.tif', await sceneFile('l9-c2l2-manaus', 'nir08'))
      const plain = withAssets(item, {
        red: { href: `${host.url}/red.tif` },
        nir08: { href: `${host.url}/nir08.tif` },
      })
      const mapOf = async (fields: Fields) => json<TileJson>(await ask('/tilejson.json', fields))
      const byCid = await pixelsOf(await ask(`${TILE}.png`))
      const unverified = { item: plain, trust: 'transport' }
      assert.equal((await mapOf(unverified)).trust, 'transport')
      assert.equal(differing(await pixelsOf(await ask(`${TILE}.png`, unverified)), byCid), 0)

      const made = await fetch(`${system.base}/fingerprint`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item: plain, pin: false }),
      })
      assert.equal(made.status, 200)
      const [known, tile] = [
        await mapOf({ item: plain }),
        await ask(`${TILE}.png`, { item: plain }),
      ]
      assert.equal(known.trust, 'fingerprint')
      // Another file may lie there tomorrow.
      assert.equal(tile.headers.get('cache-control'), 'public, max-age=300')
      assert.equal(differing(await pixelsOf(tile), byCid), 0)

      host.put('red.tif', await sceneFile('l9-c2l2-manaus', 'nir08'))
      // Opened anew: what is open was checked when it was.
      const changed = await ask(`${TILE}.png`, { item: plain, scale: 'none' })
      const problem = await json<Problem>(changed)
      assert.deepEqual([problem.status, problem.code], [409, 'source_changed'])
    } finally {
      await host.close()
    }
  })
})

describe('what tiles are refused for', () => {
  const refused = async (path: string, fields?: Fields): Promise<Problem> => {
    const response = await ask(path, fields)
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    return json<Problem>(response)
  }

  it('an address that no tile has', async () => {
    for (const path of [
      '/tiles/3/8/0.png',
      '/tiles/3/0/8.png',
      '/tiles/25/0/0.png',
      '/tiles/1/0/0.jpg',
      '/tiles/1/-1/0.png',
      '/tiles/1/0/0@3x.png',
      '/tiles/a/0/0.png',
    ])
      assert.deepEqual([path, (await refused(path)).status], [path, 404])
  })

  it('fields that a tile does not have, and two sources at once', async () => {
    for (const fields of [
      {},
      { item, max_size: '512' },
      { item, outputs: 'layer' },
      { item, root: 'bafy' },
      { root: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', mask: 'clouds' },
      { item, resampling: 'cubic' },
    ])
      assert.equal((await refused(`${TILE}.png`, fields)).code, 'invalid_request')
    assert.equal((await refused('/tilejson.json', { item, tile_scale: '3' })).status, 400)
    assert.equal((await refused('/tilejson.json', { root: 'nothing' })).status, 422)
  })

  it('files that nobody fingerprinted: 409 with the ways on, before any tile is asked for', async () => {
    const plain = withAssets(item, {
      red: { href: 'https://example.com/red.tif' },
      nir08: { href: 'https://example.com/nir08.tif' },
    })
    for (const path of ['/tilejson.json', '/WMTSCapabilities.xml', `${TILE}.png`]) {
      const problem = await refused(path, { item: plain })
      assert.deepEqual([problem.status, problem.code], [409, 'fingerprint_needed'])
      const [post, transport] = problem.ways ?? []
      assert.deepEqual([post?.method, post?.href], ['POST', 'http://greenprint.test/fingerprint'])
      assert.deepEqual(post?.body, { item: plain })
      assert.equal(new URL(transport?.href ?? '').pathname, path)
      assert.equal(new URL(transport?.href ?? '').searchParams.get('trust'), 'transport')
    }
  })
})
