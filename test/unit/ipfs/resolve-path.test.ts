// From a CID and a path to the file that it names, through directories of every kind, and where that ends.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { type FileCandidate, type ImporterOptions, importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { openPath, resolvePath } from '../../../lib/ipfs/resolve-path.ts'
import { type Cid, DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { fileCid } from '../../../lib/ipld/importer.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const signal = new AbortController().signal
const memory = new MemoryBlocks()
const fetched: string[] = []
const source = {
  name: 'memory',
  async get(cid: Cid) {
    fetched.push(cid.toString())
    return memory.get(cid)
  },
}
const blocks = createBlocks({
  own: [source],
  network: new BlockRace([], systemClock),
  cacheBytes: 0,
})

/** A directory of files, by the importer itself: the project's own makes no shards and no folders. */
async function directory(
  files: Readonly<Record<string, Uint8Array>>,
  options: ImporterOptions = {},
): Promise<Cid> {
  const entries: FileCandidate[] = Object.entries(files).map(([path, content]) => ({
    path,
    content,
  }))
  const store = {
    put(cid: Cid, block: unknown) {
      assert.ok(block instanceof Uint8Array)
      memory.put(cid, Uint8Array.from(block))
      return cid
    },
  }
  let root: Cid | undefined
  const profile = options.profile ?? 'unixfs-v1-2025'
  for await (const entry of importer(entries, store, {
    profile,
    wrapWithDirectory: true,
    ...options,
  }))
    root = entry.cid
  assert.ok(root)
  return root
}

function put(codec: number, block: Uint8Array): Cid {
  const cid = cidOfBlock(codec, block)
  memory.put(cid, Uint8Array.from(block))
  return cid
}

/** A directory block over any links, sound or not. */
function directoryOf(links: Readonly<Record<string, Cid>>): Cid {
  const Links = Object.entries(links)
    .map(([Name, Hash]) => ({ Name, Hash, Tsize: 1 }))
    .toSorted((a, b) => (a.Name < b.Name ? -1 : 1))
  return put(DAG_PB, encode({ Data: new UnixFS({ type: 'directory' }).marshal(), Links }))
}

const resolve = (root: Cid, path: string) =>
  resolvePath({ cid: root.toString(), path }, blocks, new ReadSession(), signal)

const isRefused = (code: string, words: RegExp) => ({ code, message: words })

const small = noise(100)
const large = noise(2_500_000, 2)
const plain = await directory({
  'red.tif': small,
  'large.tif': large,
  'a/b/c/nir.tif': noise(10, 3),
  'a b.tif': noise(10, 4),
  'ünï^code+%20.tif': noise(10, 5),
  '.hidden': noise(10, 6),
})

describe('a path leads', () => {
  const rows = [
    ['nowhere else when it is empty', '', null],
    ['to a file', 'red.tif', small],
    ['to a file of several blocks', 'large.tif', large],
    ['through directories', 'a/b/c/nir.tif', noise(10, 3)],
    ['to a name with a space', 'a b.tif', noise(10, 4)],
    ['to a name of any letters, taken as they are', 'ünï^code+%20.tif', noise(10, 5)],
    ['to a name with a dot', '.hidden', noise(10, 6)],
    ['over a slash too many', '/a//b/c/nir.tif', noise(10, 3)],
  ] as const
  for (const [name, path, content] of rows) {
    it(name, async () => {
      const expected = content === null ? plain : await fileCid(content)
      assert.equal((await resolve(plain, path)).toString(), expected.toString())
    })
  }

  it('through directories of CIDv0 and dag-pb leaves', async () => {
    const root = await directory(
      { 'x/red.tif': small, 'x/nir.tif': large },
      { profile: 'unixfs-v0-2015' },
    )
    assert.equal(root.version, 0)
    const cid = await resolve(root, 'x/nir.tif')
    const file = await openFile(cid, blocks, new ReadSession(), signal)
    const [whole] = await file.readAll([{ offset: 0, length: file.size }], signal)
    assert.ok(Buffer.from(whole ?? []).equals(large))
  })

  it('without a block beside the way', async () => {
    fetched.length = 0
    await resolve(plain, 'a/b/c/nir.tif')
    // The root and its three directories; the file itself is opened by whoever reads it.
    assert.equal(fetched.length, 4)
    assert.equal(new Set(fetched).size, 4)
  })

  it('and what is fetched for it is in the ledger', async () => {
    const reading = new ReadSession()
    await resolvePath({ cid: plain.toString(), path: 'a/b/c/nir.tif' }, blocks, reading, signal)
    assert.equal(reading.ledger.totals.blocks, 4)
  })
})

describe('a sharded directory (HAMT)', async () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `scene-${i}.tif`)
  const files = Object.fromEntries(names.map((name, i) => [name, noise(20, i)]))
  const shards = await directory(files, { shardSplitThresholdBytes: 1_000 })
  const nested = directoryOf({ year: shards })

  it('is one: its root has fewer links than it has files', () => {
    assert.ok((memory.get(shards)?.length ?? 0) < 300 * 50)
  })

  it('finds each of its names', async () => {
    for (const [i, name] of names.entries()) {
      if (i % 37 !== 0) continue
      const expected = await fileCid(noise(20, i))
      assert.equal((await resolve(shards, name)).toString(), expected.toString(), name)
    }
  })

  it('is found below a plain one', async () => {
    const expected = await fileCid(noise(20, 7))
    assert.equal((await resolve(nested, 'year/scene-7.tif')).toString(), expected.toString())
  })

  it('reads a few shards for a name, not all of them', async () => {
    fetched.length = 0
    await resolve(shards, 'scene-500.tif')
    assert.ok(fetched.length <= 4, `${fetched.length} blocks`)
  })

  it('has no other name, nor a shard’s own', async () => {
    for (const name of ['scene-1000.tif', '00', '0Ascene-1.tif', 'scene']) {
      await assert.rejects(resolve(shards, name), isRefused('not_found', /^There is no/), name)
    }
  })
})

describe('a path ends at a name that is not there', () => {
  const rows = [
    'nir.tif',
    'RED.TIF',
    'a/x',
    'a/b/c/d',
    'a/x/c/nir.tif',
    '..',
    'a/../red.tif',
    '.',
    'toString',
    '__proto__',
  ]
  for (const path of rows) {
    it(path, async () => {
      const words = new RegExp(
        `^There is no ${path.replaceAll('.', '\\.')} under ${plain.toString()}`,
      )
      await assert.rejects(resolve(plain, path), isRefused('not_found', words))
    })
  }

  it('in an empty directory', async () => {
    await assert.rejects(resolve(directoryOf({}), 'a'), isRefused('not_found', /There is no a/))
  })
})

const words = /leads through \S+, which is not a directory/

describe('a path that leads through something else is refused', () => {
  it('a raw file', async () => {
    for (const path of ['red.tif/more', 'red.tif/a/b']) {
      await assert.rejects(resolve(plain, path), isRefused('content_unusable', words), path)
    }
    const raw = put(RAW, small)
    await assert.rejects(resolve(raw, 'x'), isRefused('content_unusable', words))
  })

  it('a file of several blocks', async () => {
    await assert.rejects(resolve(plain, 'large.tif/x'), isRefused('content_unusable', words))
  })

  it('a file of one dag-pb block', async () => {
    const root = await directory({ 'red.tif': small }, { profile: 'unixfs-v0-2015' })
    const file = await resolve(root, 'red.tif')
    assert.equal(file.code, DAG_PB)
    for (const [from, path] of [
      [root, 'red.tif/x'],
      [root, 'red.tif/x/y'],
      [file, 'x'],
      [file, 'x/y'],
    ] as const) {
      await assert.rejects(resolve(from, path), isRefused('content_unusable', words), path)
    }
  })

  it('dag-cbor, whatever it holds', async () => {
    // {"x": 1}
    const node = put(0x71, Uint8Array.of(0xa1, 0x61, 0x78, 0x01))
    const root = directoryOf({ node })
    for (const [from, path] of [
      [root, 'node/x'],
      [node, 'x'],
    ] as const) {
      const codec = /of codec 0x71; directories are dag-pb/
      await assert.rejects(resolve(from, path), isRefused('content_unusable', codec))
    }
  })

  it('a codec that nobody knows', async () => {
    const node = put(0x999, Uint8Array.of(1))
    const root = directoryOf({ node })
    await assert.rejects(resolve(root, 'node/x'), isRefused('content_unusable', /./))
  })

  it('dag-pb that is not UnixFS', async () => {
    const node = put(DAG_PB, encode({ Data: Uint8Array.of(0xff, 0xff), Links: [] }))
    await assert.rejects(resolve(node, 'x'), isRefused('content_unusable', /./))
    const root = directoryOf({ node })
    await assert.rejects(resolve(root, 'node/x'), isRefused('content_unusable', /./))
  })
})

describe('a symlink', () => {
  const red = put(RAW, small)
  const chain = Object.fromEntries(
    Array.from({ length: 18 }, (_, at) => [`hop${at}`, symlink(`hop${at + 1}`)]),
  )
  const scenes = directoryOf({
    'red.tif': red,
    up: symlink('..'),
    latest: symlink('../2026/red.tif'),
  })
  const root = directoryOf({
    ...chain,
    hop18: red,
    2026: scenes,
    year: symlink('./2026/'),
    'red.tif': symlink('year/red.tif'),
    around: symlink('2026/up/2026/up/year/latest'),
    behind: symlink('year/..'),
    loop: symlink('loop'),
    'to nothing': symlink('2026/nir.tif'),
    out: symlink('../red.tif'),
    'out and in': symlink('2026/../../x/red.tif'),
    absolute: symlink('/ipfs/bafkqaaa'),
    'to a directory': symlink('2026'),
    'through a file': symlink('2026/red.tif/x'),
    long: symlink(`${'2026/../'.repeat(400)}hop18`),
    endless: symlink('a'.repeat(5_000)),
    empty: symlink(''),
  })

  function symlink(target: string): Cid {
    const data = new TextEncoder().encode(target)
    return put(DAG_PB, encode({ Data: new UnixFS({ type: 'symlink', data }).marshal(), Links: [] }))
  }

  async function read(path: string, from = root): Promise<Uint8Array | undefined> {
    const reference = { cid: from.toString(), path }
    const file = await openPath(reference, blocks, new ReadSession(), signal)
    assert.equal(file.cid.toString(), red.toString())
    const [bytes] = await file.readAll([{ offset: 0, length: file.size }], signal)
    return bytes
  }

  for (const path of [
    'red.tif',
    'year/red.tif',
    'around',
    'year/latest',
    'behind/red.tif',
    'hop2',
  ]) {
    it(`is followed inside the directory: ${path}`, async () => {
      assert.deepEqual(await read(path), small)
    })
  }

  it('at the end of a path is returned as it is where nothing is opened', async () => {
    const link = await resolve(root, 'red.tif')
    assert.notEqual(link.toString(), red.toString())
    assert.equal((await resolve(root, 'year/red.tif')).toString(), red.toString())
  })

  const rows: readonly (readonly [path: string, code: string, words: RegExp])[] = [
    ['loop', 'content_unusable', /leads through more than 16 symlinks/],
    ['hop0', 'content_unusable', /leads through more than 16 symlinks/],
    ['to nothing', 'not_found', /There is no to nothing under/],
    ['out', 'content_unusable', /leads out of its root by a symlink/],
    ['out and in', 'content_unusable', /leads out of its root by a symlink/],
    ['absolute', 'content_unusable', /leads out of its root by the symlink "\/ipfs\/bafkqaaa"/],
    ['to a directory', 'content_unusable', /is a directory: name a file in it/],
    ['through a file', 'content_unusable', words],
    ['year/red.tif/x', 'content_unusable', words],
    ['long', 'content_unusable', /has more than 256 names/],
    ['endless', 'content_unusable', /is a symlink whose target has 5000 bytes/],
    ['empty', 'content_unusable', /is a symlink whose target has 0 bytes/],
  ]
  for (const [path, code, expected] of rows) {
    it(`is refused where it leads nowhere: ${path}`, async () => {
      await assert.rejects(read(path), isRefused(code, expected))
    })
  }

  it('that lies in no directory is refused', async () => {
    const alone = isRefused('content_unusable', /is a symlink that lies in no directory/)
    await assert.rejects(read('', symlink('red.tif')), alone)
    await assert.rejects(read('x', symlink('red.tif')), alone)
  })

  it('is followed where its CID carries it, as `ipfs add --inline` makes it', async () => {
    const { inlineNode } = await import('../../harness/dags.ts')
    const link = (target: string) =>
      inlineNode({ type: 'symlink', data: new TextEncoder().encode(target) })
    const holder = directoryOf({ 'red.tif': red, inline: link('red.tif'), round: link('round') })
    assert.deepEqual(await read('inline', holder), await read('red.tif', holder))
    await assert.rejects(read('inline/x', holder), isRefused('content_unusable', /not a directory/))
    const many = isRefused('content_unusable', /more than 16 symlinks/)
    await assert.rejects(read('round', holder), many)
    const alone = isRefused('content_unusable', /is a symlink that lies in no directory/)
    await assert.rejects(read('x', link('red.tif')), alone)
  })

  it('leads into no directory that its CID carries', async () => {
    const { inlineNode } = await import('../../harness/dags.ts')
    const folder = inlineNode({ type: 'directory' })
    const carried = isRefused('content_unusable', /carries its content itself/)
    await assert.rejects(read('folder/x', directoryOf({ folder })), carried)
    await assert.rejects(read('x', folder), carried)
  })

  it('costs no request where there is none', async () => {
    fetched.length = 0
    await openPath(
      { cid: plain.toString(), path: 'a/b/c/nir.tif' },
      blocks,
      new ReadSession(),
      signal,
    )
    assert.equal(fetched.length, 5)
  })
})

describe('a directory as the target', () => {
  it('is found, and refused where a file is opened', async () => {
    const cid = await resolve(plain, 'a/b')
    await assert.rejects(
      openFile(cid, blocks, new ReadSession(), signal),
      isRefused(
        'content_unusable',
        /is a directory: name a file in it, as in ipfs:\/\/<cid>\/<file>/,
      ),
    )
  })
})

describe('on the way', () => {
  it('a missing block is named by its CID', async () => {
    const gone = cidOfBlock(DAG_PB, noise(10, 77))
    const root = directoryOf({ gone })
    const words = new RegExp(`No source could serve block ${gone.toString()}`)
    await assert.rejects(resolve(root, 'gone/red.tif'), isRefused('content_unavailable', words))
    const nobody = cidOfBlock(DAG_PB, noise(10, 78))
    await assert.rejects(resolve(nobody, 'x'), isRefused('content_unavailable', /No source/))
  })

  it('a block under a hash that cannot be checked is refused, and no source blamed', async () => {
    const sha1 = Uint8Array.from([0x01, DAG_PB, 0x11, 20, ...new Uint8Array(20)])
    const root = directoryOf({ odd: CID.decode(sha1) })
    const words = /uses multihash 0x11 \(sha1\); only sha2-256, sha2-512, blake3 and identity/
    fetched.length = 0
    await assert.rejects(resolve(root, 'odd/x'), isRefused('content_unusable', words))
    assert.equal(fetched.length, 1)
    const cid = await resolve(root, 'odd')
    await assert.rejects(
      openFile(cid, blocks, new ReadSession(), signal),
      isRefused('content_unusable', words),
    )
  })

  it('a caller who gives up gets the own reason back', async () => {
    const reason = new Error('had enough')
    const reference = { cid: plain.toString(), path: 'a/b/c/nir.tif' }
    const gone = resolvePath(reference, blocks, new ReadSession(), AbortSignal.abort(reason))
    await assert.rejects(gone, (error) => error === reason)
  })

  it('a CID that is none is refused', async () => {
    const reference = { cid: 'manaus', path: 'red.tif' }
    const refused = resolvePath(reference, blocks, new ReadSession(), signal)
    await assert.rejects(refused, isRefused('asset_unusable', /"manaus" is not a CID/))
  })
})
