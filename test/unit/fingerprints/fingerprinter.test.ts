// Fingerprints on demand: one reading of a file at a time, and nothing kept of one that failed.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { BufferPool } from '../../../lib/copies/buffers.ts'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import { createFingerprinter } from '../../../lib/fingerprints/fingerprinter.ts'
import { createFingerprints } from '../../../lib/fingerprints/fingerprints.ts'
import type { FingerprintWish } from '../../../lib/fingerprints/make.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { noise } from '../../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../../harness/copy-host.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { unsigned } from '../../harness/signers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const clock = { elapsed: () => 0, now: () => 0, sleep: async () => undefined }
const MIB = 1024 * 1024
const v1: FingerprintWish = { profile: 'unixfs-v1-2025', checksum: null, size: null }
const bytes = noise(5 * MIB, 3)

let host: CopyHost
before(async () => {
  host = await startCopyHost()
  host.put('file', bytes)
})
after(() => host.close())

function start() {
  const objects = createMemoryStore()
  const fingerprints = createFingerprints(objects, createBlockStore(objects))
  const means = { buffers: new BufferPool(4, MIB), clock, maxFileBytes: 100 * MIB }
  const fingerprinter = createFingerprinter(fingerprints, means)
  const copy = createHttpCopy(`${host.url}/file`, http, unsigned, clock)
  assert.ok(copy)
  host.sent = 0
  return { objects, fingerprints, fingerprinter, copy }
}

describe('a file that two ask for at once', () => {
  it('is read once, and both are told how far it is', async () => {
    const { fingerprinter, fingerprints, copy } = start()
    const told: number[][] = [[], []]
    const [one, other] = await Promise.all(
      told.map((list) =>
        fingerprinter.make(copy, v1, { onBytes: (done) => void list.push(done) }, signal),
      ),
    )
    assert.deepEqual(one, other)
    assert.equal(host.sent, bytes.length)
    assert.deepEqual(told[0], told[1])
    assert.equal(told[0]?.at(-1), bytes.length)
    assert.deepEqual(await fingerprints.byAddress(copy.address, v1.profile, signal), one)
  })

  it('is read on for the other when one gives up, and by nobody when both do', async () => {
    const { fingerprinter, objects, copy } = start()
    const caller = new AbortController()
    const left = fingerprinter.make(copy, v1, {}, caller.signal)
    const stayed = fingerprinter.make(copy, v1, {}, signal)
    caller.abort(new Error('had enough'))
    await assert.rejects(left, /had enough/)
    await stayed
    objects.objects.clear()
    const both = new AbortController()
    const two = [1, 2].map(() => fingerprinter.make(copy, v1, {}, both.signal))
    both.abort(new Error('had enough'))
    for (const each of two) await assert.rejects(each, /had enough/)
    assert.equal(objects.objects.size, 0)
    await fingerprinter.make(copy, v1, {}, signal)
  })

  it('under two checksums is read for each', async () => {
    const { fingerprinter, objects, copy } = start()
    const wrong = { ...v1, checksum: `1220${'0'.repeat(64)}` }
    const [right, refused] = await Promise.allSettled([
      fingerprinter.make(copy, v1, {}, signal),
      fingerprinter.make(copy, wrong, {}, signal),
    ])
    assert.equal(right.status, 'fulfilled')
    assert.equal(refused.status, 'rejected')
    objects.objects.clear()
    await assert.rejects(fingerprinter.make(copy, wrong, {}, signal), { code: 'checksum_mismatch' })
    assert.equal(objects.objects.size, 0)
  })
})
