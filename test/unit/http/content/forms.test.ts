// Blocks and CARs of what is kept here, by the trustless gateway's specification.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCar } from '../../../../lib/ipld/car.ts'
import { type Cid, DAG_PB, parseCid } from '../../../../lib/ipld/cid.ts'
import { DAG_CBOR } from '../../../../lib/ipld/dag-cbor.ts'
import { MemoryBlocks, noise } from '../../../harness/blocks.ts'
import { cidOfBlock } from '../../../harness/cid-of-block.ts'
import { importDirectory, importFile } from '../../../harness/import-dag.ts'
import { plantSharded } from '../../../harness/sharded.ts'
import { problemOf } from '../app-under-test.ts'
import { app, ask, bytesOf, files, get, keep, root, rootCid, text } from './kept.ts'

const signal = new AbortController().signal
const ACCEPT_CAR = 'application/vnd.ipld.car'

async function carOf(path: string, headers: Record<string, string> = {}) {
  const response = await get(path, headers)
  assert.equal(response.status, 200, path)
  const bytes = await bytesOf(response)
  assert.equal(response.headers.get('content-length'), String(bytes.length))
  const { roots, blocks } = await decodeCar(bytes)
  return {
    response,
    bytes,
    roots: roots.map(String),
    cids: blocks.map(({ cid }) => cid.toString()),
  }
}

const plain = await importDirectory(
  new Map([
    ['item.json', text('{}')],
    ['same.json', text('{}')],
    ['ndvi.tif', noise(2_100_000, 9)],
  ]),
  'unixfs-v1-2025',
)
await keep(plain.blocks)
const top = plain.root.toString()
const cidAt = async (name: string) =>
  (await get(`${top}/${name}`)).headers.get('x-ipfs-roots')?.split(',').at(-1) ?? ''

describe('a block', () => {
  it('is itself, of a directory and below a path', async () => {
    const block = await bytesOf(await get(`${root}?format=raw`))
    assert.ok(cidOfBlock(DAG_PB, block).equals(rootCid))
    const leaf = await get(`${root}/figure.png?format=raw`)
    assert.deepEqual(await bytesOf(leaf), files.get('figure.png'))
    assert.equal(leaf.headers.get('content-type'), 'application/vnd.ipld.raw')
    assert.equal(leaf.headers.get('x-content-type-options'), 'nosniff')
    assert.match(
      leaf.headers.get('content-disposition') ?? '',
      /^attachment; filename="baf.*\.bin"$/,
    )
  })

  it('is served in part', async () => {
    const path = `${root}/figure.png?format=raw`
    const part = await get(path, { range: 'bytes=6-16' })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), 'bytes 6-16/3000')
    assert.deepEqual(await bytesOf(part), files.get('figure.png')?.slice(6, 17))
    assert.equal((await get(path, { range: 'bytes=3000-' })).status, 416)
  })
})

describe('a form', () => {
  it('is chosen by format, else by the most wanted that is served', async () => {
    const rows: [query: string, accept: string, type: string][] = [
      ['', 'application/vnd.ipld.raw', 'application/vnd.ipld.raw'],
      ['', `${ACCEPT_CAR};q=0.5, application/vnd.ipld.raw`, 'application/vnd.ipld.raw'],
      ['', `${ACCEPT_CAR};q=0, application/vnd.ipld.raw;q=0.1`, 'application/vnd.ipld.raw'],
      ['', `${ACCEPT_CAR};order=foo, ${ACCEPT_CAR};order=dfs;q=0.5`, ACCEPT_CAR],
      ['', 'text/html, */*;q=0.8', 'image/png'],
      ['', 'application/x-tar, */*;q=0.1', 'image/png'],
      ['', '', 'image/png'],
      ['?format=raw', ACCEPT_CAR, 'application/vnd.ipld.raw'],
      ['?format=car', 'application/vnd.ipld.raw', ACCEPT_CAR],
    ]
    for (const [query, accept, type] of rows) {
      const response = await get(`${root}/figure.png${query}`, { accept })
      assert.equal(response.headers.get('content-type')?.split(';')[0], type, `${query} ${accept}`)
      await response.arrayBuffer()
    }
  })

  it('that Accept chose says so to caches, and where it is without', async () => {
    const file = await get(`${root}/figure.png`)
    assert.deepEqual(
      [file.headers.get('vary'), file.headers.get('content-location')],
      ['Accept', null],
    )
    const byAccept = await get(`${root}/figure.png?filename=a.bin`, {
      accept: 'application/vnd.ipld.raw',
    })
    assert.equal(byAccept.headers.get('vary'), 'Accept')
    const location = byAccept.headers.get('content-location') ?? ''
    assert.equal(location, `/ipfs/${root}/figure.png?filename=a.bin&format=raw`)
    const there = await app.ask(location)
    assert.equal(there.headers.get('vary'), null)
    assert.deepEqual(await bytesOf(there), await bytesOf(byAccept))
    const twice = await get(`${top}?format=car`, { accept: `${ACCEPT_CAR};dups=y` })
    assert.equal(twice.headers.get('content-location'), `/ipfs/${top}?format=car&car-dups=y`)
  })

  it('that is not served is refused', async () => {
    const rows: [query: string, accept: string, status: number][] = [
      ['?format=tar', '*/*', 406],
      ['?format=dag-json', '*/*', 406],
      ['?format=json', '*/*', 406],
      ['?format=ipns-record', '*/*', 400],
      ['?format=bogus', '*/*', 400],
      ['?format=constructor', '*/*', 400],
      ['', 'application/vnd.ipld.dag-json', 406],
      ['', `${ACCEPT_CAR}; version=2`, 406],
      ['', 'application/vnd.ipfs.ipns-record', 400],
      ['?format=car&car-version=2', '*/*', 400],
      ['?format=car&car-order=bfs', '*/*', 400],
      ['?format=car&car-dups=maybe', '*/*', 400],
      ['?format=car&dag-scope=bogus', '*/*', 400],
      ['?format=car&entity-bytes=10:5', '*/*', 400],
      ['?format=car&entity-bytes=a', '*/*', 400],
      ['?format=car&entity-bytes=3000:*', '*/*', 400],
    ]
    for (const [query, accept, status] of rows) {
      const problem = await problemOf(await get(`${root}/figure.png${query}`, { accept }))
      assert.equal(problem.status, status, `${query} ${accept}`)
    }
  })
})

describe('a CAR', () => {
  it('has one root and every block below it, each once, and says what it is', async () => {
    const { response, roots, cids } = await carOf(`${top}?format=car`)
    assert.deepEqual(roots, [top])
    assert.deepEqual(
      cids,
      plain.blocks.map(({ cid }) => cid.toString()),
    )
    const { headers } = response
    assert.equal(headers.get('content-type'), `${ACCEPT_CAR}; version=1; order=dfs; dups=n`)
    assert.equal(headers.get('accept-ranges'), 'none')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('content-disposition'), `attachment; filename="${top}.car"`)
    assert.match(headers.get('etag') ?? '', /^"bafy.*\.car\.[0-9a-f]{16}"$/)
    const named = await ask(`${top}?format=car&filename=a.car`, { method: 'HEAD' })
    assert.equal(named.headers.get('content-disposition'), 'attachment; filename="a.car"')
    assert.equal(named.headers.get('content-length'), headers.get('content-length'))
  })

  it('has a block as often as it occurs, where that is asked for', async () => {
    const { response, cids } = await carOf(`${top}?format=car&car-dups=y`)
    assert.match(response.headers.get('content-type') ?? '', /dups=y/)
    assert.equal(cids.length, plain.blocks.length + 1)
  })

  it('has the blocks of its path, in every scope', async () => {
    const item = await cidAt('item.json')
    for (const scope of ['block', 'entity', 'all']) {
      const { roots, cids } = await carOf(`${top}/item.json?format=car&dag-scope=${scope}`)
      assert.deepEqual([roots, cids], [[item], [top, item]], scope)
    }
    const tif = await cidAt('ndvi.tif')
    assert.deepEqual((await carOf(`${top}/ndvi.tif?format=car&dag-scope=block`)).cids, [top, tif])
  })

  it('of a directory has its own nodes where the scope is the entity', async () => {
    for (const query of [
      'dag-scope=entity',
      'dag-scope=entity&entity-bytes=0:5',
      'entity-bytes=5:*',
    ]) {
      assert.deepEqual((await carOf(`${top}?format=car&${query}`)).cids, [top], query)
    }
  })

  it('of a part of a file has the blocks on the way to it', async () => {
    const tif = await cidAt('ndvi.tif')
    const leaves = (await carOf(`${tif}?format=car`)).cids.slice(1)
    assert.equal(leaves.length, 3)
    const rows: [bytes: string, leaves: string[]][] = [
      ['0:*', leaves],
      ['1048576:1048576', leaves.slice(1, 2)],
      ['-1:*', leaves.slice(2)],
      ['1:-1048577', leaves.slice(0, 2)],
      ['0:-9999999', []],
    ]
    for (const [bytes, expected] of rows) {
      const { cids } = await carOf(`${top}/ndvi.tif?format=car&entity-bytes=${bytes}`)
      assert.deepEqual(cids, [top, tif, ...expected], bytes)
    }
  })

  it('has a tag of its own for each form', async () => {
    const tags = new Set<string>()
    const paths = [
      `${top}?format=car`,
      `${top}?format=car&car-dups=y`,
      `${top}?format=car&dag-scope=entity`,
      `${top}/ndvi.tif?format=car`,
      `${top}/ndvi.tif?format=car&dag-scope=entity`,
      `${top}/ndvi.tif?format=car&entity-bytes=0:9`,
      `${await cidAt('ndvi.tif')}?format=car`,
    ]
    for (const path of paths) {
      const etag = (await carOf(path)).response.headers.get('etag') ?? ''
      assert.equal((await get(path, { 'if-none-match': etag })).status, 304)
      tags.add(etag)
    }
    assert.equal(tags.size, paths.length)
  })

  it('proves that a path leads nowhere', async () => {
    const { response, cids } = await carOf(`${top}/nope.png?format=car`)
    assert.deepEqual(cids, [top])
    assert.equal(response.headers.get('x-ipfs-roots'), top)
    const item = await cidAt('item.json')
    assert.deepEqual((await carOf(`${top}/item.json/below?format=car`)).cids, [top, item])
    assert.equal((await get(`${top}/nope.png?format=raw`)).status, 404)
  })

  it('of a sharded directory has the shards that its scope wants', async () => {
    const memory = new MemoryBlocks()
    const names = Array.from(
      { length: 900 },
      (_, index) => [`${index}.txt`, text(`${index}`)] as const,
    )
    const sharded = await plantSharded(memory, new Map(names))
    for (const bytes of memory.map.values()) {
      for (const codec of [DAG_PB, 0x55])
        await app.services.store.put(cidOfBlock(codec, bytes), bytes, signal)
    }
    const { cids } = await carOf(`${sharded.toString()}/7.txt?format=car&dag-scope=block`)
    assert.ok(cids.length >= 3 && cids.length < 6, `${cids.length}`)
    assert.equal(cids[0], sharded.toString())
    const entity = await carOf(`${sharded.toString()}?format=car&dag-scope=entity`)
    const all = await carOf(`${sharded.toString()}?format=car`)
    assert.ok(entity.cids.length > 100)
    assert.equal(all.cids.length, entity.cids.length + 900)
    const listing = await (await get(`${sharded.toString()}/`)).text()
    assert.equal(listing.split('<li>').length - 1, 900)
  })

  it('that lacks a leaf is refused, and is had around it', async () => {
    const torn = await importFile(noise(3_000_000, 12), 'unixfs-v1-2025')
    await keep(torn.blocks.slice(0, -1))
    const cid = torn.root.toString()
    assert.equal((await problemOf(await get(`${cid}?format=car`))).status, 404)
    assert.equal((await carOf(`${cid}?format=car&entity-bytes=0:5`)).cids.length, 2)
  })

  it('is 413 before it is made where a reply cannot carry it', async () => {
    const big = await importFile(noise(5_000_000, 3), 'unixfs-v1-2025')
    const [first] = big.blocks
    assert.ok(first !== undefined)
    // The root alone: no leaf is looked at.
    await keep([first])
    for (const method of ['GET', 'HEAD']) {
      const response = await ask(`${big.root.toString()}?format=car`, { method })
      assert.equal(response.status, 413)
      assert.equal(response.headers.get('cache-control'), 'no-store')
      if (method === 'GET') assert.match((await problemOf(response)).detail, /format=raw/)
    }
  })
})

describe('a DAG-CBOR document', async () => {
  const { encode } = await import('@ipld/dag-cbor')
  const block = encode({ files: { single: plain.root, list: [1, plain.root] }, name: 'x' })
  const bytes = Uint8Array.from(block)
  const cid: Cid = cidOfBlock(DAG_CBOR, bytes)
  await app.services.store.put(cid, bytes, signal)

  it('is walked through by its links', async () => {
    const { cids } = await carOf(`${cid.toString()}/files/single/item.json?format=car`)
    assert.deepEqual(cids, [cid.toString(), top, await cidAt('item.json')])
    const item = await get(`${cid.toString()}/files/list/1/item.json`)
    assert.equal(await item.text(), '{}')
    for (const path of ['files', 'name', 'files/list/7', 'toString', 'files/constructor']) {
      assert.equal((await get(`${cid.toString()}/${path}`)).status, 404, path)
    }
  })

  it('leads through no document that a CID carries, in whatever it lies', async () => {
    const { CID } = await import('multiformats/cid')
    const { create } = await import('multiformats/hashes/digest')
    const inner = CID.createV1(DAG_CBOR, create(0, encode({ file: plain.root })))
    const outer = Uint8Array.from(encode({ inner }))
    const cid = cidOfBlock(DAG_CBOR, outer)
    await app.services.store.put(cid, outer, signal)
    for (const path of ['inner/file/item.json', 'inner/nothing']) {
      const problem = await problemOf(await get(`${cid.toString()}/${path}`))
      assert.match(problem.detail, /carries its content itself/)
    }
  })

  it('is one block as an entity, and leads to all below it', async () => {
    assert.deepEqual((await carOf(`${cid.toString()}?format=car&dag-scope=entity`)).cids, [
      cid.toString(),
    ])
    assert.equal((await carOf(`${cid.toString()}?format=car`)).cids.length, plain.blocks.length + 1)
    assert.equal((await get(cid.toString())).status, 406)
  })
})

describe('a CID that carries its content', () => {
  const hello = 'bafkqabtimvwgy3yk'

  it('is served as a block to be saved, or named in a CAR without blocks', async () => {
    for (const [cid, content] of [
      [hello, 'hello\n'],
      ['bafkqaaa', ''],
    ] as const) {
      const raw = await get(`${cid}?format=raw`)
      assert.equal(await raw.text(), content)
      assert.match(raw.headers.get('content-disposition') ?? '', /^attachment/)
      assert.equal((await ask(`${cid}?format=raw`, { method: 'HEAD' })).status, 200)
      const { roots, cids } = await carOf(`${cid}?format=car`)
      assert.deepEqual([roots, cids], [[cid], []])
    }
  })

  it('is never shown, never a directory on the way, and never long', async () => {
    assert.equal((await problemOf(await get(hello))).status, 406)
    assert.equal((await problemOf(await get(`${hello}/`))).status, 406)
    assert.equal((await problemOf(await get(`${hello}/x?format=raw`))).status, 400)
    const shard = 'bafyaagisbqfaiakvaaabearqmemaacqjbacreap7fardaai'
    for (const path of [`${shard}/x`, `${shard}/x?format=car`]) {
      assert.equal((await problemOf(await get(path))).status, 400)
    }
    const { CID } = await import('multiformats/cid')
    const { create } = await import('multiformats/hashes/digest')
    for (const [length, status] of [
      [128, 200],
      [129, 400],
    ] as const) {
      const long = CID.createV1(0x55, create(0, new Uint8Array(length)))
      assert.equal((await get(`${long.toString()}?format=raw`)).status, status)
    }
    const inside = CID.createV1(0x55, create(0, text('inline')))
    const linking = await importLink(inside)
    assert.equal((await get(`${linking}/inline`)).status, 404)
    assert.equal((await get(`${linking}/inline?format=raw`)).status, 404)
    assert.deepEqual((await carOf(`${linking}?format=car`)).cids, [linking])
  })
})

/** A directory with one entry, kept here. */
async function importLink(to: Cid): Promise<string> {
  const { encode, prepare } = await import('@ipld/dag-pb')
  const { UnixFS } = await import('ipfs-unixfs')
  const { CID } = await import('multiformats/cid')
  const Data = new UnixFS({ type: 'directory' }).marshal()
  const Links = [{ Name: 'inline', Hash: CID.parse(to.toString()), Tsize: 6 }]
  const bytes = Uint8Array.from(encode(prepare({ Data, Links })))
  const cid = cidOfBlock(DAG_PB, bytes)
  await app.services.store.put(cid, bytes, signal)
  return parseCid(cid.toString()).toString()
}
