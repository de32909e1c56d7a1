// The API as its callers use it: the figure, what is kept, who may publish, and what is asked again.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { Problem } from '../../lib/http/problem.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import { decodeCar } from '../../lib/ipld/car.ts'
import { type Cid, parseCid } from '../../lib/ipld/cid.ts'
import { mediaTypeOf } from '../../lib/publish/media-types.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { buildDirectoryCar } from '../harness/directory-car.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { validateCar } from '../harness/validate-car.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const query = `item=${encodeURIComponent(JSON.stringify(item))}`
const TOKEN = 'a-token-of-some-length'

let gateway: TestGateway
let local: TestSystem
before(async () => {
  gateway = await startGateway(blocks)
  local = await startSystem({ IPFS_GATEWAYS: gateway.url })
})
after(async () => {
  await local.close()
  await gateway.close()
})

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer())
}

describe('a result', () => {
  it('reads back by its CIDs: the file, its raw block, and the CAR', async () => {
    const { root, assets } = await local.ndvi({ item })
    const figure = assets['figure']
    assert.ok(figure)
    const path = `${local.base}/ipfs/${root.cid}`
    const file = await bytesOf(await fetch(`${path}/figure.png`))
    assert.equal(file.length, figure.size)

    // One block under 1 MiB: its CID is the SHA-256 of the file.
    const raw = await fetch(`${local.base}/ipfs/${figure.cid}?format=raw`)
    const block = await bytesOf(raw)
    assert.deepEqual(block, file)
    const digest = createHash('sha256').update(block).digest()
    assert.ok(digest.equals(parseCid(figure.cid).multihash.digest))

    const car = await bytesOf(await fetch(`${path}?format=car`))
    await validateCar(car, parseCid(root.cid))
    const found = new Map(
      (await decodeCar(car)).blocks.map(({ cid, bytes }) => [cid.toString(), bytes]),
    )
    const get = async (cid: Cid) => Uint8Array.from(found.get(cid.toString()) ?? [])
    const directory = await buildDirectoryCar(parseCid(root.cid), get, mediaTypeOf)
    assert.deepEqual(
      [...(directory?.files.keys() ?? [])],
      ['figure.png', 'item.json', 'ndvi.tif', 'request.json'],
    )
    assert.deepEqual(directory?.files.get('figure.png')?.bytes, file)
  })

  it('says what it is in a STAC item with the figure’s own hash', async () => {
    const { root, assets, statistics } = await local.ndvi({ item })
    const response = await fetch(`${local.base}/ipfs/${root.cid}/item.json`)
    assert.equal(response.headers.get('content-type'), 'application/geo+json')
    const derived = await json<{
      id: string
      assets: {
        figure: { href: string; 'file:checksum': string; alternate: { IPFS: { href: string } } }
      }
      properties: Record<string, unknown>
    }>(response)
    const file = await bytesOf(await fetch(`${local.base}/ipfs/${root.cid}/figure.png`))
    const { figure } = derived.assets
    assert.equal(figure.href, './figure.png')
    assert.equal(figure.alternate.IPFS.href, assets['figure']?.ipfs)
    assert.equal(figure['file:checksum'], `1220${createHash('sha256').update(file).digest('hex')}`)
    assert.match(derived.id, /^LC08_L2SP_218074_20190114_20200829_02_T1_ndvi_[0-9a-f]{8}$/)
    assert.equal(JSON.stringify(derived).includes('127.0.0.1'), false)
    assert.ok(statistics.valid_count > 0)
  })

  it('is answered from its record when asked again, and computed anew on no-cache, equal', async () => {
    const first = await local.ndvi({ item, max_size: 200 })
    const second = await local.ndvi({ item, max_size: 200 })
    const third = await local.ndvi({ item, max_size: 200 }, { 'cache-control': 'no-cache' })
    assert.deepEqual([first.cached, second.cached, third.cached], [false, true, false])
    for (const again of [second, third]) {
      assert.equal(again.id, first.id)
      assert.equal(again.root.cid, first.root.cid)
      assert.deepEqual(again.statistics, first.statistics)
    }
    assert.deepEqual(first.warnings, ['overview level 1: statistics are of resampled reflectance'])
  })

  it('is the same by GET and by POST', async () => {
    const posted = await local.ndvi({
      item,
      max_size: 150,
      rescale: [0, 0.8],
      colormap_name: 'viridis',
    })
    const got = await fetch(
      `${local.base}/ndvi?${query}&max_size=150&rescale=0,0.8&colormap_name=viridis`,
    )
    const reply = await json<NdviReply>(got)
    assert.deepEqual([reply.id, reply.root.cid], [posted.id, posted.root.cid])
  })

  it('is another result with another map of colours, of the same numbers', async () => {
    const one = await local.ndvi({ item, max_size: 200 })
    const other = await local.ndvi({ item, max_size: 200, colormap_name: 'cividis' })
    assert.notEqual(one.id, other.id)
    assert.notEqual(one.assets['figure']?.cid, other.assets['figure']?.cid)
    assert.deepEqual(one.statistics, other.statistics)
  })

  it('covers a bbox and no more', async () => {
    const whole = await local.ndvi({ item })
    const part = await local.ndvi({ item, bbox: [-44.15, -20.13, -44.12, -20.11] })
    const [rows, cols] = part.grid.shape
    assert.ok(rows < 90 && cols < 120, `${rows} x ${cols}`)
    assert.ok(part.statistics.total_count < whole.statistics.total_count / 9)
    assert.equal(part.statistics.total_count, rows * cols)
    const [a, , c, , e, f] = part.grid.transform
    const [, , c0, , , f0] = whole.grid.transform
    assert.ok(
      Number.isInteger((c - c0) / a) && Number.isInteger((f - f0) / e),
      'on the grid of the scene',
    )
  })
})

describe('the figure itself', () => {
  for (const [name, suffix, accept, vary] of [
    ['by f=png', '&f=png', '*/*', ''],
    ['by Accept', '', 'image/png', 'Accept'],
  ] as const) {
    it(`is answered ${name}, with a link to its item`, async () => {
      const response = await fetch(`${local.base}/ndvi?${query}${suffix}`, { headers: { accept } })
      assert.equal(response.headers.get('content-type'), 'image/png')
      assert.equal(response.headers.get('vary') ?? '', vary)
      const png = await bytesOf(response)
      assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
      const { root } = await local.ndvi({ item })
      const link = `<http://greenprint.test/ipfs/${root.cid}/item.json>; rel="describedby"; type="application/geo+json"`
      assert.equal(response.headers.get('link'), link)
    })
  }

  it('is the same pixels as WebP, for replies alone', async () => {
    const ask = (suffix: string, accept = '*/*') =>
      fetch(`${local.base}/ndvi?${query}&max_size=200${suffix}`, { headers: { accept } })
    const image = 'image/avif,image/webp,image/*,*/*;q=0.8'
    const page = 'text/html,application/xml;q=0.9,image/avif,image/webp,image/png,*/*;q=0.8'
    const [webp, accepted, png] = [await ask('&f=webp'), await ask('', image), await ask('&f=png')]
    assert.match((await ask('', page)).headers.get('content-type') ?? '', /json/)
    assert.deepEqual(
      [webp, accepted].map(({ headers }) => [headers.get('content-type'), headers.get('vary')]),
      [
        ['image/webp', null],
        ['image/webp', 'Accept'],
      ],
    )
    assert.equal(webp.headers.get('link'), png.headers.get('link'))
    assert.match(webp.headers.get('etag') ?? '', /^W\/"\w+\.webp"$/)
    const pixels = async (response: Response) =>
      sharp(await bytesOf(response))
        .raw()
        .toBuffer()
    assert.deepEqual(await pixels(webp), await pixels(png))
    assert.equal(Buffer.compare(await bytesOf(await ask('&f=webp')), await bytesOf(accepted)), 0)

    const post = (suffix: string, body: object) =>
      fetch(`${local.base}/ndvi${suffix}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item, max_size: 203, ...body }),
      })
    const plain = await json<NdviReply>(await post('?f=json', { pin: false }))
    assert.equal((await post('?f=webp', {})).status, 200)
    const after = await json<NdviReply>(await post('?f=json', { pin: false }))
    assert.deepEqual([plain.publications, after.publications], [[], []])
    for (const [suffix, body, why] of [
      ['?f=webp', { pin: true }, /never published/],
      ['', { outputs: ['webp'] }, /outputs\.0: a WebP is never published/],
      ['?f=gif', {}, /json, png or webp/],
    ] as const) {
      const problem = await json<Problem>(await post(suffix, body))
      assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
      assert.match(problem.detail, why)
    }
  })

  it('is the layer where that is asked for and no figure', async () => {
    const asked = `${local.base}/ndvi?${query}&outputs=layer&layer_crs=EPSG:3857&width=120`
    const [png, webp] = await Promise.all(
      ['&f=png', '&f=webp'].map((suffix) => fetch(`${asked}${suffix}`)),
    )
    assert.match(png?.headers.get('content-disposition') ?? '', /layer\.png/)
    assert.match(webp?.headers.get('content-disposition') ?? '', /layer\.webp/)
    for (const response of [png, webp]) {
      const { width, channels } = await sharp(await response?.arrayBuffer()).metadata()
      assert.deepEqual([width, channels], [120, 4])
    }
  })

  it('is JSON for who takes anything, told to caches as one of two forms unless f decides', async () => {
    const [response, asked, fault] = await Promise.all(
      ['', '&f=json', '&max_size=no'].map((suffix) =>
        fetch(`${local.base}/ndvi?${query}${suffix}`),
      ),
    )
    const varies = (one?: Response) => /\baccept\b(?!-)/i.test(one?.headers.get('vary') ?? '')
    assert.match(response?.headers.get('content-type') ?? '', /^application\/json/)
    assert.deepEqual([response, asked, fault].map(varies), [true, false, true])
  })
})

describe('publishing', () => {
  it('is on by default for a POST on this machine, and held by what was read back', async () => {
    const { publications, root } = await local.ndvi({ item, max_size: 100 })
    assert.deepEqual(publications, [{ service: 'local', status: 'held', cid: root.cid }])
  })

  it('is off by default for a GET, and never changes the result', async () => {
    const plain = await json<NdviReply>(await fetch(`${local.base}/ndvi?${query}&max_size=101`))
    assert.deepEqual(plain.publications, [])
    const pinned = await local.ndvi({ item, max_size: 101, pin: true })
    assert.equal(pinned.cached, true)
    assert.equal(pinned.root.cid, plain.root.cid)
    assert.equal(pinned.publications[0]?.status, 'held')
  })

  const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-test', PUBLISHERS: '' }
  async function onLambda(
    env: Record<string, string>,
    test: (system: TestSystem) => Promise<void>,
  ): Promise<void> {
    const system = await startSystem({ IPFS_GATEWAYS: gateway.url, ...lambda, ...env })
    try {
      await test(system)
    } finally {
      await system.close()
    }
  }

  it('is off on Lambda without tokens: 403, and a POST computes without it', () =>
    onLambda({}, async ({ refused, ndvi }) => {
      const problem = await refused({ item, pin: true }, { authorization: `Bearer ${TOKEN}` })
      assert.deepEqual([problem.status, problem.code], [403, 'publishing_disabled'])
      assert.deepEqual((await ndvi({ item })).publications, [])
    }))

  it('needs one of the tokens on Lambda: 401 without, none of it with', () =>
    onLambda(
      { API_TOKENS: `ann:${TOKEN}, bob:another-long-token` },
      async ({ refused, ndvi, base }) => {
        for (const headers of [
          {},
          { authorization: 'Bearer wrong' },
          { authorization: `Basic ${TOKEN}` },
        ]) {
          const problem: Problem = await refused({ item, pin: true }, headers)
          assert.deepEqual([problem.status, problem.code], [401, 'unauthorized'])
        }
        const { publications, warnings } = await ndvi(
          { item, pin: true },
          { authorization: `bearer ${TOKEN}` },
        )
        assert.deepEqual(publications, [])
        assert.match(
          warnings.at(-1) ?? '',
          /published to 0 of the 1 services wanted; the result is kept/,
        )
        const got = await fetch(`${base}/ndvi?${query}&pin=true`)
        assert.equal(got.status, 401)
      },
    ))

  it('on Lambda a caller cannot make it fetch from this machine', () =>
    onLambda({}, async ({ refused }) => {
      for (const url of [
        gateway.url,
        'https://127.0.0.1/item.json',
        'https://169.254.169.254/latest',
        'file:///etc/passwd',
      ]) {
        const problem = await refused({ item: url })
        assert.deepEqual([problem.status, problem.code], [400, 'host_refused'], problem.detail)
      }
    }))
})

describe('health', () => {
  it('tells version and configuration, and no secret', async () => {
    const text = await (await fetch(`${local.base}/health`)).text()
    assert.match(text, /"software":"greenprint \d+\.\d+\.\d+"/)
    assert.equal(text.includes(TOKEN), false)
  })

  it('computes the sample when asked deeply, and finds the known CID', async () => {
    const reply = await json<{ status: string; sample: { root: string; expected: string } }>(
      await fetch(`${local.base}/health?deep=1`),
    )
    assert.equal(reply.status, 'ok', JSON.stringify(reply))
  })
})
