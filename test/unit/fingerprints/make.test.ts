// Fingerprints of plain copies: the CID of `ipfs add`, the producer's checksum, and what is kept of a file.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { BufferPool } from '../../../lib/copies/buffers.ts'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import type { ErrorCode } from '../../../lib/errors.ts'
import { createFingerprints } from '../../../lib/fingerprints/fingerprints.ts'
import {
  type FingerprintWish,
  type Follower,
  makeFingerprint,
} from '../../../lib/fingerprints/make.ts'
import { answersItem, type Fingerprint } from '../../../lib/fingerprints/record.ts'
import { decodeCar } from '../../../lib/ipld/car.ts'
import { blockKey, matchesCid } from '../../../lib/ipld/cid.ts'
import type { UnixFsProfile } from '../../../lib/ipld/importer.ts'
import { linksOf } from '../../../lib/ipld/unixfs.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { noise } from '../../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../../harness/copy-host.ts'
import { importFile } from '../../harness/import-dag.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { randomFrom } from '../../harness/random.ts'
import { unsigned } from '../../harness/signers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const clock = { elapsed: () => 0, now: () => 0, sleep: async () => undefined }
const KIB = 1024
const MIB = 1024 * KIB
/** Smaller than in the service, so that a file has many of them; as there, leaves never lie across two. */
const means = { buffers: new BufferPool(4, 2 * MIB), clock, maxFileBytes: 100 * MIB }
const v1: FingerprintWish = { profile: 'unixfs-v1-2025', checksum: null, size: null }

let host: CopyHost
before(async () => {
  host = await startCopyHost()
})
after(() => host.close())

function make(name: string, wish: Partial<FingerprintWish> = {}, follower: Follower = {}) {
  const copy = createHttpCopy(`${host.url}/${name}`, http, unsigned, clock)
  assert.ok(copy)
  return makeFingerprint(copy, { ...v1, ...wish }, means, follower, signal)
}

const refuses = (code: ErrorCode, words: RegExp) => ({ code, message: words })

const hex = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex')

describe('a fingerprint', () => {
  const profiles: readonly UnixFsProfile[] = ['unixfs-v1-2025', 'unixfs-v0-2015']
  for (const profile of profiles) {
    it(`is the CID of the file under ${profile}, at every edge`, async () => {
      const lengths = [1, 256 * KIB, 256 * KIB + 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 1, 5 * MIB + 7]
      for (const length of lengths) {
        const bytes = noise(length, 3)
        host.put('file', bytes)
        const { file, record } = await make('file', { profile })
        const { root, blocks } = await importFile(bytes, profile)
        assert.equal(record.cid, root.toString(), `${length} bytes`)
        assert.equal(record.sha256, hex('sha256', bytes))
        assert.equal(file.size, length)
        const inner = blocks.filter(({ cid, bytes }) => linksOf(cid, bytes).length > 0)
        assert.deepEqual(
          file.inner.map(({ cid }) => blockKey(cid)).toSorted(),
          inner.map(({ cid }) => blockKey(cid)).toSorted(),
        )
        assert.ok(matchesCid(file.header.cid, file.header.bytes))
      }
    })
  }

  it('of a tall DAG has all of its inner nodes, and of equal leaves each once', async () => {
    const bytes = new Uint8Array(175 * 256 * KIB)
    host.put('zeros', bytes)
    const { file } = await make('zeros', { profile: 'unixfs-v0-2015' })
    assert.equal(file.root.toString(), (await importFile(bytes, 'unixfs-v0-2015')).root.toString())
    assert.equal(file.inner.length, 3)
  })

  it('tells every leaf in order, and how far it is', async () => {
    const bytes = noise(5 * MIB + 7, 3)
    host.put('told', bytes)
    const seen: Uint8Array[] = []
    const told: number[] = []
    await make(
      'told',
      {},
      {
        onLeaf: (cid, block, offset, data) => {
          assert.ok(matchesCid(cid, block))
          assert.deepEqual(
            Buffer.from(data),
            Buffer.from(bytes.subarray(offset, offset + data.length)),
          )
          seen.push(data.slice())
        },
        onBytes: (done, size) => void told.push(done / size),
      },
    )
    assert.deepEqual(Buffer.concat(seen), Buffer.from(bytes))
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    )
    assert.equal(told.at(-1), 1)
  })

  it('survives connections that break anywhere', async () => {
    const bytes = noise(9 * MIB, 3)
    host.put('broken', bytes)
    const random = randomFrom(11)
    let cuts = 10
    host.cut = ({ length }) => (cuts-- > 0 ? random.whole(0, length - 1) : null)
    const { record } = await make('broken')
    host.cut = () => null
    assert.equal(record.cid, (await importFile(bytes, 'unixfs-v1-2025')).root.toString())
  })

  it('of a server without ranges begins anew where it breaks', async () => {
    const bytes = noise(5 * MIB, 3)
    host.put('plain', bytes)
    host.ranges = false
    let cuts = 2
    host.cut = () => (cuts-- > 0 ? 3 * MIB : null)
    const { record } = await make('plain')
    assert.equal(record.sha256, hex('sha256', bytes))
    cuts = 5
    await assert.rejects(make('plain'), refuses('content_unavailable', /could not be read/))
    host.cut = () => null
    host.ranges = true
  })

  it('of a file that changes in the middle is of the new one', async () => {
    const [old, fresh] = [noise(9 * MIB, 3), noise(9 * MIB, 4)]
    host.put('moved', old)
    host.instead = ({ headers, url }) => {
      if (url === '/moved' && headers['if-match'] !== undefined) host.put('moved', fresh)
      return false
    }
    const { record } = await make('moved')
    host.instead = () => false
    assert.equal(record.sha256, hex('sha256', fresh))
  })

  it('of a file that goes on changing is none', async () => {
    let changes = 0
    host.put('restless', noise(9 * MIB, 3))
    host.instead = ({ headers, url }) => {
      if (url === '/restless' && headers['if-match'] !== undefined) {
        host.put('restless', noise(9 * MIB, 3), { etag: `"${changes++}"` })
      }
      return false
    }
    await assert.rejects(make('restless'), refuses('source_changed', /changed while it was read/))
    host.instead = () => false
  })

  it('of a file that is too large, empty, or not there is none', async () => {
    host.put('large', noise(3 * MIB, 3))
    const small = { ...means, maxFileBytes: 2 * MIB }
    const copy = createHttpCopy(`${host.url}/large`, http, unsigned, clock)
    assert.ok(copy)
    await assert.rejects(
      makeFingerprint(copy, v1, small, {}, signal),
      refuses('too_large', /3145728 bytes.*2097152.*FINGERPRINT_MAX_BYTES/),
    )
    host.put('empty', new Uint8Array(0))
    await assert.rejects(make('empty'), refuses('content_unusable', /empty/))
    await assert.rejects(make('nowhere'), refuses('content_unavailable', /could not be read/))
    // Nothing is lent any more.
    await Promise.all([1, 2, 3, 4].map(() => means.buffers.take(signal))).then((buffers) =>
      buffers.forEach((buffer) => means.buffers.give(buffer)),
    )
  })
})

describe('the checksum of an item', () => {
  const bytes = noise(3 * MIB, 5)
  const sha256 = `1220${hex('sha256', bytes)}`
  const sha512 = `1340${hex('sha512', bytes)}`

  for (const [what, checksum, verdict] of [
    ['sha2-256', sha256, 'verified'],
    ['sha2-256 in capitals', sha256.toUpperCase(), 'verified'],
    ['sha2-512', sha512, 'verified'],
    ['MD5', `d50110${hex('md5', bytes)}`, null],
    ['SHA-1', `1114${hex('sha1', bytes)}`, null],
    ['bare hexadecimal', hex('sha256', bytes), null],
  ] as const) {
    it(`${what} is ${verdict ?? 'not checked'}`, async () => {
      host.put('checked', bytes)
      const { record } = await make('checked', { checksum })
      assert.equal(record.checksum, checksum)
      assert.equal(record.checksum_verdict, verdict)
    })
  }

  for (const [what, wish] of [
    ['another sha2-256', { checksum: `1220${'0'.repeat(64)}` }],
    ['another sha2-512', { checksum: `1340${'0'.repeat(128)}` }],
    ['another size', { size: 5 }],
  ] as const) {
    it(`that names ${what} refuses the file`, async () => {
      host.put('checked', bytes)
      await assert.rejects(make('checked', wish), refuses('checksum_mismatch', /item/))
    })
  }

  it('decides whether a record can be of its file', async () => {
    host.put('checked', bytes)
    const { record } = await make('checked', { checksum: sha512 })
    const of = (checksum: string | null): Fingerprint => ({ ...record, checksum })
    const another = `1220${'0'.repeat(64)}`
    assert.ok(answersItem(record, {}))
    assert.ok(answersItem(record, { checksum: sha512.toUpperCase() }))
    assert.ok(answersItem(record, { checksum: sha256, size: bytes.length }))
    assert.ok(answersItem(of(null), { checksum: sha256 }))
    assert.ok(!answersItem(record, { checksum: another }))
    assert.ok(!answersItem(of(another), { checksum: `1220${'1'.repeat(64)}` }))
    // A sha2-512 that nobody took cannot be compared.
    assert.ok(!answersItem(of(null), { checksum: sha512 }))
    // What cannot be checked says nothing.
    assert.ok(answersItem(of(null), { checksum: `d50110${hex('md5', bytes)}` }))
    assert.ok(!answersItem(record, { size: 5 }))
    assert.ok(!answersItem(record, { checksum: sha256, size: 5 }))
  })
})

describe('what is kept of a fingerprint', () => {
  it('is found by address, checksum and CID, with its outboard', async () => {
    const bytes = noise(5 * MIB, 6)
    host.put('kept', bytes)
    const checksum = `1340${hex('sha512', bytes)}`
    const { file, record } = await make('kept', { checksum })
    const objects = createMemoryStore()
    const store = createBlockStore(objects)
    const prints = createFingerprints(objects, store)
    const { profile } = record
    assert.equal(await prints.byAddress(record.href, profile, signal), null)
    assert.equal(await prints.outboardCar(file.root, signal), null)
    await prints.keep(file, record, signal)
    assert.deepEqual(await prints.byAddress(record.href, profile, signal), record)
    assert.deepEqual(await prints.byChecksum(checksum.toUpperCase(), profile, signal), record)
    assert.deepEqual(await prints.byChecksum(`1220${record.sha256}`, profile, signal), record)
    assert.deepEqual(await prints.byCid(file.root, signal), record)
    assert.equal(await prints.byAddress(record.href, 'unixfs-v0-2015', signal), null)
    assert.deepEqual(
      [...objects.objects.keys()].filter((key) => key.startsWith('blocks/')),
      [`blocks/${blockKey(file.header.cid)}`],
    )
    const car = await prints.outboardCar(file.root, signal)
    assert.ok(car)
    assert.ok(car.length < 1000)
    const { roots, blocks } = await decodeCar(car)
    assert.deepEqual(roots.map(String), [record.cid])
    assert.deepEqual(
      blocks.map(({ cid }) => cid.toString()),
      [record.cid],
    )
  })

  it('of a tall DAG is all of its inner nodes, root first', async () => {
    const bytes = noise(175 * 256 * KIB, 6)
    host.put('tall', bytes)
    const { file, record } = await make('tall', { profile: 'unixfs-v0-2015' })
    const objects = createMemoryStore()
    const prints = createFingerprints(objects, createBlockStore(objects))
    await prints.keep(file, record, signal)
    const car = await prints.outboardCar(file.root, signal)
    assert.ok(car)
    const { blocks } = await decodeCar(car)
    assert.equal(blocks.length, 3)
    assert.equal(blocks[0]?.cid.toString(), record.cid)
    assert.ok(blocks.every(({ cid, bytes }) => matchesCid(cid, bytes)))
  })

  it('of a file of one block is its record alone', async () => {
    host.put('small', noise(1000, 6))
    const { file, record } = await make('small')
    const objects = createMemoryStore()
    const prints = createFingerprints(objects, createBlockStore(objects))
    await prints.keep(file, record, signal)
    assert.ok([...objects.objects.keys()].every((key) => key.startsWith('fingerprints/')))
  })
})
