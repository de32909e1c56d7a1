// GET and HEAD /ipfs: what is kept here and nothing else, as a gateway serves it, and harmless in a browser.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAG_PB } from '../../../../lib/ipld/cid.ts'
import { noise } from '../../../harness/blocks.ts'
import { cidOfBlock } from '../../../harness/cid-of-block.ts'
import { importFile } from '../../../harness/import-dag.ts'
import { problemOf } from '../app-under-test.ts'
import { app, ask, bytesOf, files, get, keep, root, text, untimed } from './kept.ts'

const signal = new AbortController().signal

describe('a file that is kept here', () => {
  it('is served by its path with its type, its length, and for ever', async () => {
    const response = await get(`${root}/figure.png`)
    assert.equal(response.status, 200)
    assert.deepEqual(await bytesOf(response), files.get('figure.png'))
    assert.equal(response.headers.get('content-type'), 'image/png')
    assert.equal(response.headers.get('content-length'), '3000')
    assert.equal(response.headers.get('accept-ranges'), 'bytes')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=29030400, immutable')
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
  })

  it('is served by its own CID, of the type that it looks like, with the ETag that its path has', async () => {
    const byPath = await get(`${root}/item.json`)
    const etag = byPath.headers.get('etag') ?? ''
    const response = await get(etag.replaceAll('"', ''))
    assert.equal(await response.text(), '{"type":"Feature"}')
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('etag'), etag)
    assert.equal(byPath.headers.get('content-type'), 'application/geo+json')
  })

  it('of JSON is served as JSON where that is asked for, and no directory is', async () => {
    const cid = (await get(`${root}/item.json`)).headers.get('etag')?.replaceAll('"', '') ?? ''
    for (const path of [`${root}/item.json`, `${root}/request.json`, cid]) {
      const response = await get(`${path}?format=json`)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json')
    }
    for (const path of [root, `${root}/`, `${root}/figure.png`]) {
      assert.equal((await get(`${path}?format=json`)).status, 406)
    }
  })

  it('is served by a CIDv0 of it too', async () => {
    const { root: v0, blocks } = await importFile(text('old'), 'unixfs-v0-2015')
    await keep(blocks)
    assert.equal(v0.version, 0)
    assert.equal(await (await get(v0.toString())).text(), 'old')
  })

  it('is served under its root in any multibase', async () => {
    const response = await get(`${root.toUpperCase()}/item.json`)
    assert.equal(await response.text(), '{"type":"Feature"}')
    assert.equal(response.headers.get('x-ipfs-roots')?.split(',')[0], root)
  })

  it('is found by a percent-encoded name', async () => {
    const name = encodeURIComponent('a b+ü%?#&"\'<i>.txt')
    assert.equal(await (await get(`${root}/${name}`)).text(), 'odd')
  })

  it('is read no further once its caller has hung up', async (t) => {
    const { root: large, blocks } = await importFile(noise(9_000_000, 3), 'unixfs-v1-2025')
    await keep(blocks)
    const gone = new AbortController()
    const response = await ask(large.toString(), {}, { streams: true, gone: gone.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    const { objects } = app.services
    const asked = Promise.withResolvers<AbortSignal>()
    const waits = async (signal: AbortSignal): Promise<never> => {
      asked.resolve(signal)
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      )
    }
    t.mock.method(objects, 'get', (_: string, signal: AbortSignal) => waits(signal))
    t.mock.method(objects, 'getRange', (_: string, __: number, ___: number, signal: AbortSignal) =>
      waits(signal),
    )
    const rest = (async () => {
      while ((await reader?.read())?.done === false) continue
    })()
    rest.catch(() => undefined)
    await asked.promise
    gone.abort(new Error('hung up'))
    await assert.rejects(rest, /hung up/)
  })

  it('of several blocks is served whole', async () => {
    const response = await get(`${root}/ndvi.tif`)
    assert.ok(Buffer.from(await bytesOf(response)).equals(files.get('ndvi.tif') ?? noise(1)))
    assert.equal(
      response.headers.get('content-type'),
      'image/tiff; application=geotiff; profile=cloud-optimized',
    )
  })

  it('answers HEAD with the headers of GET and no body', async () => {
    const paths = [
      'figure.png',
      'ndvi.tif',
      '',
      'figure.png?format=raw',
      '?format=car',
      'item.json',
    ]
    for (const path of paths) {
      const head = await ask(`${root}/${path}`, { method: 'HEAD' })
      const whole = await get(`${root}/${path}`)
      assert.equal(head.status, 200, path)
      assert.equal((await bytesOf(head)).length, 0)
      await whole.arrayBuffer()
      assert.deepEqual(untimed(head), untimed(whole), path)
    }
  })
})

describe('a part of a file', () => {
  it('is served as 206 with its place', async () => {
    const response = await get(`${root}/ndvi.tif`, { range: 'bytes=1048570-1048589' })
    assert.equal(response.status, 206)
    assert.equal(response.headers.get('content-range'), 'bytes 1048570-1048589/2500000')
    assert.equal(response.headers.get('content-length'), '20')
    assert.deepEqual(await bytesOf(response), files.get('ndvi.tif')?.slice(1_048_570, 1_048_590))
  })

  it('at the end is served by a suffix, and clipped there', async () => {
    const suffix = await get(`${root}/figure.png`, { range: 'bytes=-5' })
    assert.equal(suffix.headers.get('content-range'), 'bytes 2995-2999/3000')
    const clipped = await get(`${root}/figure.png`, { range: 'bytes=2990-9999' })
    assert.equal(clipped.headers.get('content-range'), 'bytes 2990-2999/3000')
  })

  it('that lies outside is 416 and says how long the file is', async () => {
    const response = await get(`${root}/figure.png`, { range: 'bytes=3000-' })
    assert.equal(response.status, 416)
    assert.equal(response.headers.get('content-range'), 'bytes */3000')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal((await bytesOf(response)).length, 0)
  })

  it('is the first of several', async () => {
    const response = await get(`${root}/figure.png`, { range: 'bytes=5-6,0-1' })
    assert.deepEqual(
      [response.status, await bytesOf(response)],
      [206, files.get('figure.png')?.slice(5, 7)],
    )
    assert.equal(response.headers.get('content-range'), 'bytes 5-6/3000')
  })

  it('is ignored where it is not a range of bytes, or of another version', async () => {
    const old = { range: 'bytes=0-1', 'if-range': '"other"' }
    const whole = await get(`${root}/figure.png`, old)
    assert.deepEqual([whole.status, (await bytesOf(whole)).length], [200, 3_000])
    const same = { ...old, 'if-range': whole.headers.get('etag') ?? '' }
    assert.equal((await get(`${root}/figure.png`, same)).status, 206)
    for (const range of ['items=0-1', 'bytes=9-5']) {
      const response = await get(`${root}/figure.png`, { range })
      assert.equal(response.status, 200, range)
      assert.equal((await bytesOf(response)).length, 3_000)
    }
  })

  it('is no matter of HEAD: the length is the whole file’s', async () => {
    for (const range of ['bytes=0-9', 'bytes=9999-']) {
      const response = await ask(`${root}/figure.png`, { method: 'HEAD', headers: { range } })
      assert.equal(response.status, 200, range)
      assert.equal(response.headers.get('content-length'), '3000')
      assert.equal(response.headers.get('content-range'), null)
    }
  })
})

describe('what a caller has already', async () => {
  const figureCid = (await get(`${root}/figure.png`)).headers.get('etag')?.replaceAll('"', '') ?? ''
  const path = `${root}/figure.png`
  const etag = () => `"${figureCid}"`
  const rows = [
    ['the same ETag', () => etag()],
    ['a weak one, as proxies make them', () => `W/${etag()}`],
    ['one of several', () => `"other", ${etag()}`],
    ['whatever is there', () => '*'],
  ] as const
  for (const [name, header] of rows) {
    it(`is not sent again: ${name}`, async () => {
      const response = await get(path, { 'if-none-match': header() })
      assert.equal(response.status, 304)
      assert.equal(response.headers.get('etag'), etag())
      assert.match(response.headers.get('cache-control') ?? '', /immutable/)
      assert.equal((await bytesOf(response)).length, 0)
    })
  }

  it('is sent when it is something else, or another form of it', async () => {
    for (const other of ['"other"', '""', figureCid, `"${figureCid}.raw"`, `"${root}"`]) {
      const response = await get(path, { 'if-none-match': other })
      assert.equal(response.status, 200, other)
    }
    const raw = await get(`${path}?format=raw`, { 'if-none-match': etag() })
    assert.equal(raw.status, 200)
  })
})

describe('in a browser', () => {
  for (const name of ['page.html', 'drawing.svg', 'item.json', 'figure.png', '']) {
    it(`${name || 'a listing'} runs nothing: no sniffing, a sandbox, no type that runs`, async () => {
      const response = await get(`${root}/${name}`)
      const { headers } = response
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      const policy = (headers.get('content-security-policy') ?? '').split('; ')
      assert.ok(policy.includes('sandbox'))
      assert.ok(policy.includes("default-src 'none'"))
      assert.doesNotMatch(policy.join(' '), /allow-|script-src|unsafe-eval/)
      if (name !== '') assert.doesNotMatch(headers.get('content-type') ?? '', /html|svg|xml|script/)
    })
  }

  it('neither does a part of a page, nor a block of it, nor "not modified"', async () => {
    const part = await get(`${root}/page.html`, { range: 'bytes=0-40' })
    const block = await get(`${root}/page.html?format=raw`)
    const etag = (await get(`${root}/page.html`)).headers.get('etag') ?? ''
    const same = await get(`${root}/page.html`, { 'if-none-match': etag })
    assert.deepEqual([part.status, block.status, same.status], [206, 200, 304])
    for (const { headers } of [part, block, same]) {
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.match(headers.get('content-security-policy') ?? '', /^sandbox;/)
    }
  })
})

describe('what is not kept here is refused', () => {
  const nobody = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
  const rows = [
    [
      'an unknown CID',
      () => nobody,
      404,
      'not_found',
      /was not computed or published by this deployment/,
    ],
    [
      'an unknown CID as a block',
      () => `${nobody}?format=raw`,
      404,
      'not_found',
      /was not computed/,
    ],
    ['an unknown CID as a CAR', () => `${nobody}?format=car`, 404, 'not_found', /was not computed/],
    ['a path below an unknown CID', () => `${nobody}/a/b`, 404, 'not_found', /was not computed/],
    [
      'a name that is not in the directory',
      () => `${root}/other.png`,
      404,
      'not_found',
      /no other\.png under bafy/,
    ],
    ['a path through a file', () => `${root}/figure.png/x`, 404, 'not_found', /./],
    ['a word', () => 'manaus', 400, 'invalid_request', /"manaus" is not a CID/],
    ['an encoded slash before it', () => '..%2Fhealth', 400, 'invalid_request', /is not a CID/],
    ['an encoded climb below it', () => `${root}/..%2F..%2Fhealth`, 404, 'not_found', /./],
    ['broken percent-encoding', () => `${root}/%zz`, 400, 'invalid_request', /not a valid path/],
    [
      'a percent-encoding that is no UTF-8',
      () => `${root}/%ff`,
      400,
      'invalid_request',
      /not a valid path/,
    ],
    [
      'a piece CID',
      () => 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
      400,
      'invalid_request',
      /piece CID/,
    ],
  ] as const
  for (const [name, path, status, code, words] of rows) {
    it(name, async () => {
      const problem = await problemOf(await get(path()))
      assert.deepEqual([problem.status, problem.code], [status, code])
      assert.match(problem.detail, words)
    })
  }

  it('climbing out of /ipfs leads to another route, never to a file', async () => {
    const paths = [`${root}/../../health`, '%2e%2e/health', `${root}/%2e%2e/%2e%2e/health`]
    for (const path of paths) {
      const response = await get(path)
      assert.equal(response.headers.get('content-type'), 'application/json', path)
    }
    assert.equal((await get('../../../etc/passwd')).status, 404)
  })

  it('nothing at all', async () => {
    for (const path of ['/ipfs', '/ipfs/']) {
      assert.equal((await problemOf(await app.ask(path))).code, 'not_found')
    }
  })

  it('a block that is not what its CID says it is', async () => {
    for (const junk of [Uint8Array.of(0xff), Uint8Array.of(0x0a, 0x02, 0xff, 0xff)]) {
      const junkCid = cidOfBlock(DAG_PB, junk)
      const cid = junkCid.toString()
      await app.services.store.put(junkCid, junk, signal)
      for (const path of [cid, `${cid}/a`]) {
        assert.equal((await problemOf(await get(path))).code, 'not_found', path)
      }
      assert.deepEqual(await bytesOf(await get(`${cid}?format=raw`)), junk)
    }
    const damaged = cidOfBlock(DAG_PB, Uint8Array.of(0xff)).toString()
    assert.equal((await problemOf(await get(`${damaged}?format=car`))).code, 'not_found')
  })
})
