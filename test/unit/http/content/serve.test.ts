// GET and HEAD /ipfs: what is kept here and nothing else, as a gateway serves it, and harmless in a browser.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCar } from '../../../../lib/ipld/car.ts'
import { cidOfBlock, DAG_PB } from '../../../../lib/ipld/cid.ts'
import { importDirectory, importFile } from '../../../../lib/ipld/importer.ts'
import type { DagBlock } from '../../../../lib/ipld/walk-dag.ts'
import { noise } from '../../../harness/blocks.ts'
import { problemOf, startApp } from '../app-under-test.ts'

const signal = new AbortController().signal
const text = (value: string) => new TextEncoder().encode(value)
const page = '<html><script>alert(document.cookie)</script></html>'

const files = new Map<string, Uint8Array<ArrayBuffer>>([
  ['figure.png', noise(3_000)],
  ['item.json', text('{"type":"Feature"}')],
  ['request.json', text('{}')],
  ['ndvi.tif', noise(2_500_000, 2)],
  ['page.html', text(page)],
  ['drawing.svg', text('<svg onload="alert(1)"/>')],
  ['a b+ü%?#&"\'<i>.txt', text('odd')],
])

const app = await startApp()
const { root: rootCid, blocks } = await importDirectory(files, 'unixfs-v1-2025')
const root = rootCid.toString()
await keep(blocks)

async function keep(dag: readonly DagBlock[]): Promise<void> {
  for (const { cid, bytes } of dag) await app.services.store.put(cid, bytes, signal)
}

const ask = (path: string, init?: RequestInit) => app.ask(`/ipfs/${path}`, init)
const get = (path: string, headers: Record<string, string> = {}) => ask(path, { headers })
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

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

  it('is served by its own CID, of no type then, with the ETag that its path has', async () => {
    const byPath = await get(`${root}/item.json`)
    const etag = byPath.headers.get('etag') ?? ''
    const response = await get(etag.replaceAll('"', ''))
    assert.equal(await response.text(), '{"type":"Feature"}')
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    assert.equal(response.headers.get('etag'), etag)
    assert.equal(byPath.headers.get('content-type'), 'application/geo+json')
  })

  it('is served by a CIDv0 of it too', async () => {
    const { root: v0, blocks } = await importFile(text('old'), 'unixfs-v0-2015')
    await keep(blocks)
    assert.equal(v0.version, 0)
    assert.equal(await (await get(v0.toString())).text(), 'old')
  })

  it('is found by a percent-encoded name', async () => {
    const name = encodeURIComponent('a b+ü%?#&"\'<i>.txt')
    assert.equal(await (await get(`${root}/${name}`)).text(), 'odd')
  })

  it('of several blocks is served whole', async () => {
    const response = await get(`${root}/ndvi.tif`)
    assert.ok(Buffer.from(await bytesOf(response)).equals(files.get('ndvi.tif') ?? noise(1)))
    assert.equal(
      response.headers.get('content-type'),
      'image/tiff; application=geotiff; profile=cloud-optimized',
    )
  })

  it('carried in its own CID is served without a block', async () => {
    assert.equal(await (await get('bafkqabtimvwgy3yk')).text(), 'hello\n')
  })

  it('answers HEAD with the headers of GET and no body', async () => {
    for (const path of ['figure.png', 'ndvi.tif', '', 'figure.png?format=raw', '?format=car']) {
      const head = await ask(`${root}/${path}`, { method: 'HEAD' })
      const whole = await get(`${root}/${path}`)
      assert.equal(head.status, 200, path)
      assert.equal((await bytesOf(head)).length, 0)
      await whole.arrayBuffer()
      assert.deepEqual(untimed(head), untimed(whole), path)
    }
  })
})

/** Headers, but for how long it took. */
function untimed(response: Response): [string, string][] {
  return [...response.headers].filter(([name]) => name !== 'server-timing')
}

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
    assert.equal((await bytesOf(response)).length, 0)
  })

  it('is ignored where it is no single range of bytes', async () => {
    for (const range of ['bytes=0-1,5-6', 'items=0-1', 'bytes=9-5']) {
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

describe('a file larger than a reply', async () => {
  const big = noise(5_000_000, 3)
  const { root: bigCid, blocks } = await importFile(big, 'unixfs-v1-2025')
  const cid = bigCid.toString()
  await keep(blocks)

  it('leads to where it is had whole, by its name or by its CID', async () => {
    const { root: folder, blocks } = await importDirectory(
      new Map([
        ['ndvi.tif', big],
        ['a b.tif', big],
      ]),
      'unixfs-v1-2025',
    )
    await keep(blocks)
    for (const [path, name] of [
      [`${folder.toString()}/ndvi.tif`, 'ndvi.tif'],
      [`${folder.toString()}/a%20b.tif`, cid],
      [cid, cid],
    ] as const) {
      const response = await get(path)
      assert.equal(response.status, 307)
      assert.equal(response.headers.get('location'), `/_local/files/${cid}?name=${name}`)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal((await bytesOf(response)).length, 0)
    }
  })

  it('that a caller has already is not sent again', async () => {
    assert.equal((await get(cid, { 'if-none-match': `"${cid}"` })).status, 304)
  })

  it('is 413 where nothing leads to it, and says how to ask', async () => {
    const deployed = await startApp({ AWS_LAMBDA_FUNCTION_NAME: 'greenprint' })
    for (const block of blocks) await deployed.services.store.put(block.cid, block.bytes, signal)
    const problem = await problemOf(await deployed.ask(`/ipfs/${cid}`))
    assert.equal(problem.code, 'too_large')
    assert.match(
      problem.detail,
      /5000000 bytes; one reply carries at most 4194304\. Ask for ranges/,
    )
  })

  it('is served 4 MiB at a time', async () => {
    const first = await get(cid, { range: 'bytes=0-' })
    assert.equal(first.headers.get('content-range'), 'bytes 0-4194303/5000000')
    const second = await get(cid, { range: 'bytes=4194304-' })
    assert.equal(second.headers.get('content-range'), 'bytes 4194304-4999999/5000000')
    const whole = Buffer.concat([await bytesOf(first), await bytesOf(second)])
    assert.ok(whole.equals(big))
  })

  it('tells its length to HEAD', async () => {
    const response = await ask(cid, { method: 'HEAD' })
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-length'), '5000000')
  })

  it('is 413 as a CAR', async () => {
    const problem = await problemOf(await get(`${cid}?format=car`))
    assert.equal(problem.code, 'too_large')
    assert.match(problem.detail, /format=raw/)
  })
})

describe('a block and a CAR', () => {
  it('are served by the parameter and by Accept alike', async () => {
    for (const [format, accept] of [
      ['raw', 'application/vnd.ipld.raw'],
      ['car', 'application/vnd.ipld.car; version=1'],
    ] as const) {
      const one = await get(`${root}?format=${format}`)
      const other = await get(root, { accept })
      assert.deepEqual(await bytesOf(one), await bytesOf(other))
      assert.equal(one.headers.get('etag'), `"${root}.${format}"`)
      assert.match(
        one.headers.get('content-type') ?? '',
        new RegExp(`^application/vnd.ipld.${format}`),
      )
      assert.match(one.headers.get('content-disposition') ?? '', /^attachment; filename="bafy/)
      assert.equal(one.headers.get('x-content-type-options'), 'nosniff')
    }
  })

  it('raw is the block itself, of the directory and below a path', async () => {
    const block = await bytesOf(await get(`${root}?format=raw`))
    assert.ok(cidOfBlock(DAG_PB, block).equals(rootCid))
    const leaf = await bytesOf(await get(`${root}/figure.png?format=raw`))
    assert.deepEqual(leaf, files.get('figure.png'))
  })

  it('a CAR has one root and every block below it', async () => {
    const { root: smallCid, blocks } = await importDirectory(
      new Map([['item.json', text('{}')]]),
      'unixfs-v1-2025',
    )
    await keep(blocks)
    const car = await decodeCar(await bytesOf(await get(`${smallCid.toString()}?format=car`)))
    assert.deepEqual(
      car.roots.map((cid) => cid.toString()),
      [smallCid.toString()],
    )
    assert.deepEqual(
      car.blocks.map(({ cid }) => cid.toString()),
      blocks.map(({ cid }) => cid.toString()),
    )
  })

  it('in another format are refused', async () => {
    const problem = await problemOf(await get(`${root}?format=tar`))
    assert.equal(problem.code, 'invalid_request')
    assert.match(problem.detail, /format is raw or car/)
  })
})

describe('what a caller has already', () => {
  const etag = () => `"${root}"`
  const rows = [
    ['the same ETag', () => etag()],
    ['a weak one, as proxies make them', () => `W/${etag()}`],
    ['one of several', () => `"other", ${etag()}`],
  ] as const
  for (const [name, header] of rows) {
    it(`is not sent again: ${name}`, async () => {
      const response = await get(root, { 'if-none-match': header() })
      assert.equal(response.status, 304)
      assert.equal(response.headers.get('etag'), etag())
      assert.match(response.headers.get('cache-control') ?? '', /immutable/)
      assert.equal((await bytesOf(response)).length, 0)
    })
  }

  it('is sent when it is something else, or another form of it', async () => {
    for (const other of ['"other"', '""', root, `"${root}.raw"`, `"${root}.car"`]) {
      const response = await get(root, { 'if-none-match': other })
      assert.equal(response.status, 200, other)
    }
    const raw = await get(`${root}?format=raw`, { 'if-none-match': etag() })
    assert.equal(raw.status, 200)
  })
})

describe('a directory', () => {
  it('is listed with every name, escaped, and a link that leads to it', async () => {
    const response = await get(root)
    const html = await response.text()
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.ok(html.includes(`href="/ipfs/${root}/figure.png"`))
    assert.ok(!html.includes('<i>') && !html.includes('"\'<'))
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link ?? '')
    assert.equal(links.length, files.size)
    for (const link of links) assert.equal((await app.ask(link)).status, 200, link)
  })

  it('is listed with a slash at the end just so', async () => {
    const html = await (await get(`${root}/`)).text()
    assert.ok(html.includes(`href="/ipfs/${root}/figure.png"`))
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
      /no other\.png under/,
    ],
    ['a path through a file', () => `${root}/figure.png/x`, 404, 'not_found', /./],
    ['a word', () => 'manaus', 400, 'invalid_request', /"manaus" is not a CID/],
    ['a CID in capitals', () => root.toUpperCase(), 400, 'invalid_request', /is not a CID/],
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
