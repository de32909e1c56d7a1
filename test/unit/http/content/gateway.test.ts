// What a path gateway says around its content: methods, headers for browsers and caches, names, directories.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAG_PB } from '../../../../lib/ipld/cid.ts'
import { MemoryBlocks, noise } from '../../../harness/blocks.ts'
import { plantBlock } from '../../../harness/dags.ts'
import { importDirectory } from '../../../harness/import-dag.ts'
import { problemOf } from '../app-under-test.ts'
import { app, ask, bytesOf, files, get, keep, root, text } from './kept.ts'

const signal = new AbortController().signal
const NOBODY = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

describe('a page of another origin', () => {
  it('may ask, and read every header that it needs, of faults too', async () => {
    const answers = [
      await get(`${root}/figure.png`),
      await get(`${root}/figure.png`, { range: 'bytes=0-9' }),
      await get(`${root}/nope`),
      await get('bafkqabtimvwgy3yk/'),
      await ask(root, { method: 'OPTIONS' }),
      await ask(root, { method: 'PUT' }),
    ]
    for (const { headers, status } of answers) {
      const words = (name: string) => (headers.get(name) ?? '').split(', ')
      assert.equal(headers.get('access-control-allow-origin'), '*', `${status}`)
      assert.deepEqual(words('access-control-allow-methods'), ['GET', 'HEAD', 'OPTIONS'])
      for (const name of ['Content-Type', 'Range', 'User-Agent', 'X-Requested-With']) {
        assert.ok(words('access-control-allow-headers').includes(name), name)
      }
      for (const name of ['Content-Range', 'Content-Length', 'X-Ipfs-Path', 'X-Ipfs-Roots']) {
        assert.ok(words('access-control-expose-headers').includes(name), name)
      }
    }
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 206, 404, 406, 204, 405],
    )
  })

  it('registers no service worker', async () => {
    assert.equal((await get(`${root}/page.html`, { 'service-worker': 'script' })).status, 400)
  })
})

describe('another method', () => {
  it('is 405 and told which there are', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await ask(root, { method })
      assert.equal(response.headers.get('allow'), 'GET, HEAD, OPTIONS')
      assert.equal((await problemOf(response)).code, 'method_not_allowed')
    }
  })
})

describe('a cache', () => {
  it('is told the path and what each part of it leads to', async () => {
    const response = await get(`${root}/figure.png`)
    assert.equal(response.headers.get('x-ipfs-path'), `/ipfs/${root}/figure.png`)
    const cid = response.headers.get('etag')?.replaceAll('"', '')
    assert.equal(response.headers.get('x-ipfs-roots'), `${root},${cid}`)
  })

  it('is told of no fault that it lasts', async () => {
    for (const path of [`${root}/nope`, NOBODY, 'manaus', `${root}?format=tar`]) {
      assert.equal((await get(path)).headers.get('cache-control'), 'no-store', path)
    }
  })

  it('may ask for what is here and nothing else', async () => {
    const only = { 'cache-control': 'only-if-cached' }
    for (const method of ['GET', 'HEAD']) {
      assert.equal((await ask(`${root}?format=raw`, { method, headers: only })).status, 200)
      assert.equal((await ask(NOBODY, { method, headers: only })).status, 412)
      assert.equal((await ask(`${root}/nope`, { method, headers: only })).status, 404)
    }
    assert.equal((await problemOf(await get(NOBODY, only))).code, 'not_cached')
  })

  it('may ask for a part of what it knows, and gets none of anything else', async () => {
    const figure = `${root}/figure.png`
    const etag = (await get(figure)).headers.get('etag') ?? ''
    for (const tag of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const part = await get(figure, { 'if-match': tag, range: 'bytes=0-3' })
      assert.equal(part.status, 206, tag)
    }
    for (const path of [figure, `${root}/`, `${root}?format=raw`, `${root}?format=car`]) {
      const response = await get(path, { 'if-match': '"other"', range: 'bytes=0-3' })
      assert.equal(response.status, 412, path)
      assert.equal((await problemOf(response)).code, 'condition_failed')
    }
  })
})

describe('a file', () => {
  it('is named by its path, by its CID, or as the caller wants it, and saved where it says so', async () => {
    const figure = `${root}/figure.png`
    const cid = (await get(figure)).headers.get('etag')?.replaceAll('"', '') ?? ''
    const rows = [
      [figure, 'inline; filename="figure.png"', 'image/png'],
      [`${figure}?download=true`, 'attachment; filename="figure.png"', 'image/png'],
      [`${figure}?filename=ndvi.tif`, 'inline; filename="ndvi.tif"', /^image\/tiff/],
      [cid, `inline; filename="${cid}"`, 'application/octet-stream'],
      [`${cid}?filename=a.png&download=true`, 'attachment; filename="a.png"', 'image/png'],
      [
        `${figure}?filename=${encodeURIComponent('a"b\r\nc/ü (1).png')}`,
        `inline; filename="a_b__c__ (1).png"; filename*=UTF-8''a%22b__c_%C3%BC%20%281%29.png`,
        'image/png',
      ],
    ] as const
    for (const [path, expected, type] of rows) {
      const { headers } = await get(path)
      const disposition = headers.get('content-disposition') ?? ''
      assert.equal(disposition, expected)
      assert.match(
        headers.get('content-type') ?? '',
        typeof type === 'string' ? new RegExp(`^${type}$`) : type,
      )
    }
  })

  it('has a media type of the table and never one of an object', async () => {
    for (const name of ['constructor', 'a.constructor', '__proto__', 'a.__proto__', 'a.toString']) {
      const response = await get(`${root}/figure.png?filename=${name}`)
      assert.equal(response.headers.get('content-type'), 'application/octet-stream', name)
    }
  })
})

describe('a directory', () => {
  it('is redirected to with a slash at its end, whatever else is asked', async () => {
    const response = await get(`${root}?x=1&y=%20`)
    assert.equal(response.status, 301)
    assert.equal(response.headers.get('location'), `/ipfs/${root}/?x=1&y=%20`)
  })

  it('is listed with every name, escaped, and links that lead there and to each CID', async () => {
    const response = await get(`${root}/`)
    const html = await response.text()
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.doesNotMatch(response.headers.get('cache-control') ?? '', /immutable/)
    assert.ok(html.includes(`Index of /ipfs/`))
    assert.ok(html.includes(`href="/ipfs/${root}/figure.png"`))
    assert.ok(!html.includes('<i>') && !html.includes('"\'<'))
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) =>
      (link ?? '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    )
    assert.equal(links.length, 1 + 2 * files.size)
    for (const link of links.slice(1)) assert.equal((await app.ask(link)).status, 200, link)
    assert.ok(!html.includes('>..<'), 'there is nothing above a root')
  })

  it('is not sent again to who has its listing', async () => {
    const etag = (await get(`${root}/`)).headers.get('etag') ?? ''
    assert.match(etag, new RegExp(`^"DirIndex-\\d+_CID-${root}"$`))
    for (const tag of [etag, `W/${etag}`]) {
      assert.equal((await get(`${root}/`, { 'if-none-match': tag })).status, 304)
    }
  })

  it('with an index.html is that, under its own tag', async () => {
    const site = await importDirectory(new Map([['index.html', text('<p>hi')]]), 'unixfs-v1-2025')
    await keep(site.blocks)
    const response = await get(`${site.root.toString()}/`)
    assert.equal(await response.text(), '<p>hi')
    assert.equal(response.headers.get('etag'), `"${site.root.toString()}"`)
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
  })

  it('is a directory even with a _redirects in it', async () => {
    const rules = text('/old /index.html 301\n/* /index.html 200')
    const names = new Map([
      ['_redirects', rules],
      ['index.html', text('<p>hi')],
    ])
    const site = await importDirectory(names, 'unixfs-v1-2025')
    await keep(site.blocks)
    for (const name of ['old', 'else']) {
      assert.equal((await get(`${site.root.toString()}/${name}`)).status, 404)
    }
    assert.deepEqual(await bytesOf(await get(`${site.root.toString()}/_redirects`)), rules)
  })

  it('below another leads up again', async () => {
    const { encode, prepare } = await import('@ipld/dag-pb')
    const { UnixFS } = await import('ipfs-unixfs')
    const { CID } = await import('multiformats/cid')
    const memory = new MemoryBlocks()
    const Data = new UnixFS({ type: 'directory' }).marshal()
    const Links = [{ Name: 'ą', Hash: CID.parse(root), Tsize: 1 }]
    const upper = plantBlock(memory, DAG_PB, encode(prepare({ Data, Links })))
    const bytes = memory.get(upper)
    assert.ok(bytes !== null)
    await app.services.store.put(upper, bytes, signal)
    const base = `/ipfs/${upper.toString()}`
    const redirect = await app.ask(`${base}/${encodeURIComponent('ą')}`)
    assert.equal(redirect.headers.get('location'), `${base}/%C4%85/`)
    const html = await (await app.ask(`${base}/%C4%85/`)).text()
    assert.ok(html.includes(`<a href="${base}/%C4%85">ą</a>`))
    assert.ok(html.includes(`<a href="${base}/%C4%85/..">..</a>`))
    assert.ok(html.includes(`href="${base}/%C4%85/figure.png"`))
  })

  it('has its symlinks told, and nobody is led where they lead', async () => {
    const { encode, prepare } = await import('@ipld/dag-pb')
    const { UnixFS } = await import('ipfs-unixfs')
    const memory = new MemoryBlocks()
    const marshaled = new UnixFS({ type: 'file', data: text('figure.png') }).marshal()
    // Type 4 is a symlink, which ipfs-unixfs reads and does not write.
    marshaled[1] = 4
    const link = plantBlock(memory, DAG_PB, encode(prepare({ Data: marshaled, Links: [] })))
    const bytes = memory.get(link)
    assert.ok(bytes !== null)
    await app.services.store.put(link, bytes, signal)
    const response = await get(link.toString())
    assert.equal(await response.text(), 'figure.png')
    assert.equal(response.headers.get('content-type'), 'inode/symlink')
  })
})

describe('a large file that is streamed', async () => {
  const big = noise(9_000_000, 5)
  const folder = await importDirectory(new Map([['ndvi.tif', big]]), 'unixfs-v1-2025')
  await keep(folder.blocks)
  const path = `${folder.root.toString()}/ndvi.tif`
  const stream = (from: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask(from, { method, headers }, { streams: true })

  it('comes whole, and every range of it whole', async () => {
    const whole = await stream(path)
    assert.equal(whole.headers.get('content-length'), '9000000')
    assert.ok(Buffer.from(await bytesOf(whole)).equals(big))
    const part = await stream(path, { range: 'bytes=1000-8500000' })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), 'bytes 1000-8500000/9000000')
    assert.ok(Buffer.from(await bytesOf(part)).equals(big.subarray(1000, 8_500_001)))
    assert.equal((await stream(path, {}, 'HEAD')).headers.get('content-length'), '9000000')
  })

  it('comes as a CAR of any size', async () => {
    const response = await stream(`${folder.root.toString()}?format=car`)
    const bytes = await bytesOf(response)
    assert.equal(response.headers.get('content-length'), String(bytes.length))
    const { decodeCar } = await import('../../../../lib/ipld/car.ts')
    assert.equal((await decodeCar(bytes)).blocks.length, folder.blocks.length)
  })

  it('of which a block is missing breaks off', async () => {
    const torn = await importDirectory(new Map([['a', noise(9_000_000, 6)]]), 'unixfs-v1-2025')
    await keep(torn.blocks.slice(0, -1))
    for (const query of ['/a', '?format=car']) {
      const response = await stream(`${torn.root.toString()}${query}`)
      assert.equal(response.status, 200)
      await assert.rejects(response.arrayBuffer(), { code: 'content_unavailable' })
    }
  })

  it('is 413 through Lambda where there is no place to download it from, and says how to ask', async () => {
    for (const range of [undefined, 'bytes=0-', 'bytes=0-4194304']) {
      const problem = await problemOf(await get(path, range === undefined ? {} : { range }))
      assert.equal(problem.code, 'too_large')
      assert.match(
        problem.detail,
        /9000000 bytes; one reply carries at most 4194304\. Ask for ranges/,
      )
    }
    const most = await get(path, { range: 'bytes=0-4194303' })
    assert.equal((await bytesOf(most)).length, 4_194_304)
  })

  it('tells its length to HEAD, and 304 to who has it', async () => {
    const head = await ask(path, { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '9000000'])
    const etag = head.headers.get('etag') ?? ''
    assert.equal((await get(path, { 'if-none-match': etag })).status, 304)
  })
})
