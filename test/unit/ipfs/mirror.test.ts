// A plain copy as a source of leaves: what it is asked for, what travels together, and when it is given up.
// Long: one set of helpers for all that a copy may be and do.

import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { LeafPlace } from '../../../lib/ipfs/leaf-places.ts'
import { Mirror, mayBeLeaf } from '../../../lib/ipfs/mirror.ts'
import { type Cid, DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { encodeLeaf, leafEncodings } from '../../../lib/ipld/leaf-encoding.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const forever = new AbortController().signal
const MIB = 1_048_576
const NAME = 'https://copies.example'

/** A copy of `file` whose leaves lie where the test says. Requests are gathered as long as `send` is not called. */
function startMirror(t: TestContext, file: Uint8Array<ArrayBuffer>) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const places = new Map<string, LeafPlace | 'whole file'>()
  const reads: [offset: number, length: number][] = []
  const signals: AbortSignal[] = []
  const trouble: { error: Error | null; hangs: boolean } = { error: null, hangs: false }
  const read = async (offset: number, length: number, signal: AbortSignal) => {
    reads.push([offset, length])
    signals.push(signal)
    if (trouble.hangs)
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      )
    if (trouble.error !== null) throw trouble.error
    return file.slice(offset, offset + length)
  }
  const reader = {
    name: NAME,
    read,
    readWhole: (maxBytes: number, signal: AbortSignal) =>
      read(0, Math.min(maxBytes, file.length), signal),
  }
  const mirror = new Mirror(reader, (cid) => places.get(cid.toString()) ?? null)
  const send = async () => {
    t.mock.timers.tick(3)
    for (let time = 0; time < 5; time++) await turn()
  }
  /** The CID of a raw leaf, known to lie there. */
  const leafAt = (offset: number, length: number): Cid => {
    const cid = cidOfBlock(RAW, file.slice(offset, offset + length))
    places.set(cid.toString(), { offset, length })
    return cid
  }
  return { mirror, places, reads, signals, trouble, send, leafAt }
}

const unasked = async (): Promise<never> => assert.fail('it was asked')

function failsAs(kind: FailureKind, reason: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFailure, String(error))
    assert.deepEqual([error.source, error.kind], [NAME, kind])
    assert.match(error.message, reason)
    return true
  }
}

describe('a copy is not asked', () => {
  it('for what is no leaf, or is not known to be one', async (t) => {
    const { mirror, reads } = startMirror(t, noise(100))
    const get = mirror.make(cidOfBlock(DAG_PB, noise(5)), forever)
    await assert.rejects(get, failsAs('absent', /has leaves only/))
    assert.deepEqual(reads, [])
  })

  it('for a leaf larger than a block may be, whatever its parent claims', async (t) => {
    const { mirror, reads, places } = startMirror(t, noise(100))
    const cid = cidOfBlock(RAW, noise(5))
    places.set(cid.toString(), { offset: 0, length: 3 * MIB })
    await assert.rejects(
      mirror.make(cid, forever),
      failsAs('refused', /no block has 3145728 bytes/),
    )
    assert.deepEqual(reads, [])
  })
})

describe('leaves that are asked for together', () => {
  it('travel together where they touch, in any order of asking', async (t) => {
    const file = noise(1_000)
    const { mirror, reads, send, leafAt } = startMirror(t, file)
    const starts = [300, 100, 200, 700, 800, 500]
    const asked = starts.map((start) => mirror.make(leafAt(start, 100), forever))
    await send()
    for (const [at, block] of (await Promise.all(asked)).entries())
      assert.deepEqual(block, file.slice(starts[at], (starts[at] ?? 0) + 100))
    assert.deepEqual(reads, [
      [100, 300],
      [500, 100],
      [700, 200],
    ])
  })

  it('travel in requests of at most 8 MiB', async (t) => {
    const file = noise(20 * MIB)
    const { mirror, reads, send, leafAt } = startMirror(t, file)
    const asked = Array.from({ length: 20 }, (_, at) => mirror.make(leafAt(at * MIB, MIB), forever))
    await send()
    await Promise.all(asked)
    assert.deepEqual(reads, [
      [0, 8 * MIB],
      [8 * MIB, 8 * MIB],
      [16 * MIB, 4 * MIB],
    ])
  })

  it('leave without those whose readers left in time', async (t) => {
    const { mirror, reads, send, leafAt } = startMirror(t, noise(300))
    const reader = new AbortController()
    const asked = [0, 100].map((start) => mirror.make(leafAt(start, 100), forever))
    const leaving = assert.rejects(mirror.make(leafAt(200, 100), reader.signal), /had enough/)
    reader.abort(new Error('had enough'))
    await send()
    await leaving
    await Promise.all(asked)
    assert.deepEqual(reads, [[0, 200]])
  })

  it('go on while one reader is left, and are called off with the last', async (t) => {
    const { mirror, signals, trouble, send, leafAt } = startMirror(t, noise(300))
    trouble.hangs = true
    const readers = [new AbortController(), new AbortController()]
    const asked = readers.map(({ signal }, at) =>
      assert.rejects(mirror.make(leafAt(at * 100, 100), signal), /had enough/),
    )
    await send()
    readers[0]?.abort(new Error('had enough'))
    assert.equal(signals[0]?.aborted, false)
    readers[1]?.abort(new Error('had enough too'))
    assert.equal(signals[0]?.aborted, true)
    await Promise.all(asked)
  })
})

describe('a leaf', () => {
  for (const encoding of leafEncodings) {
    it(`is wrapped as its CID has it: ${JSON.stringify(encoding)}`, async (t) => {
      const file = noise(400)
      const { mirror, places, send } = startMirror(t, file)
      for (const offset of [0, 200]) {
        const block = encodeLeaf(file.slice(offset, offset + 200), encoding)
        const cid = cidOfBlock(DAG_PB, block)
        places.set(cid.toString(), { offset, length: 200 })
        const get = mirror.make(cid, forever)
        await send()
        assert.deepEqual(await get, block)
      }
    })
  }

  it('may be told from a node by the size that its link names', () => {
    const cid = cidOfBlock(DAG_PB, noise(5))
    assert.equal(mayBeLeaf(cid, 262_144, 262_158), true)
    assert.equal(mayBeLeaf(cid, 262_144, 262_154), true)
    assert.equal(mayBeLeaf(cid, 262_144, 262_200), false)
    assert.equal(mayBeLeaf(cid, 262_144, null), false)
    assert.equal(mayBeLeaf(cidOfBlock(RAW, noise(5)), 262_144, null), true)
  })
})

describe('bytes that fit no encoding', () => {
  const file = noise(200)
  const other = encodeLeaf(noise(200, 2), { type: 2, filesize: true })
  const cid = cidOfBlock(DAG_PB, other)

  async function misfit(t: TestContext) {
    const { mirror, places, reads, send } = startMirror(t, file)
    places.set(cid.toString(), { offset: 0, length: 200 })
    const get = mirror.make(cid, forever)
    const refused = assert.rejects(get, failsAs('refused', /fit the CID in no known leaf encoding/))
    await send()
    await refused
    return { mirror, reads, send }
  }

  it('are a lie only when the leaf, once it came by CID, holds others', async (t) => {
    const { mirror, reads } = await misfit(t)
    mirror.judge(cid, noise(200, 2))
    await assert.rejects(mirror.make(cid, forever), failsAs('lie', /is a copy of another file/))
    assert.equal(reads.length, 1)
  })

  it('are no lie when the leaf holds the same, written in a way of its own', async (t) => {
    const { mirror, reads, send } = await misfit(t)
    mirror.judge(cid, file)
    const again = assert.rejects(mirror.make(cid, forever), failsAs('refused', /no known leaf/))
    await send()
    await again
    assert.equal(reads.length, 2)
  })

  it('say nothing of leaves that it was not asked for', async (t) => {
    const { mirror, reads, send } = await misfit(t)
    mirror.judge(cidOfBlock(RAW, noise(9)), noise(9))
    const again = assert.rejects(mirror.make(cid, forever), failsAs('refused', /no known leaf/))
    await send()
    await again
    assert.equal(reads.length, 2)
  })
})

describe('a copy that failed', () => {
  const cases: readonly (readonly [FailureKind, asksAgain: boolean])[] = [
    ['slow', true],
    ['broken', true],
    ['busy', true],
    ['refused', false],
    ['absent', false],
  ]
  for (const [kind, asksAgain] of cases) {
    it(`because it is ${kind} ${asksAgain ? 'may be' : 'is not'} asked again for this file`, async (t) => {
      const { mirror, reads, trouble, send, leafAt } = startMirror(t, noise(200))
      trouble.error = new SourceFailure(NAME, kind, 'a reason')
      for (const start of [0, 100]) {
        const get = assert.rejects(mirror.make(leafAt(start, 100), forever), failsAs(kind, /./))
        await send()
        await get
      }
      assert.equal(reads.length, asksAgain ? 2 : 1)
    })
  }

  it('for a reason of our own fails the reading', async (t) => {
    const { mirror, trouble, send, leafAt } = startMirror(t, noise(200))
    trouble.error = new TypeError('a bug')
    const get = assert.rejects(mirror.make(leafAt(0, 100), forever), /a bug/)
    await send()
    await get
  })

  it('is not asked for the whole of a file that is known to be larger than a block', async () => {
    const places = { name: NAME, read: unasked, readWhole: unasked }
    const mirror = new Mirror(places, () => 'whole file', 3 * MIB)
    await assert.rejects(
      mirror.make(cidOfBlock(RAW, noise(7)), forever),
      failsAs('absent', /leaves only/),
    )
  })

  it('to have the whole of a small file may still have the leaves of a large one', async (t) => {
    const { mirror, places, trouble, send, leafAt } = startMirror(t, noise(200))
    const root = cidOfBlock(RAW, noise(7))
    places.set(root.toString(), 'whole file')
    trouble.error = new SourceFailure(NAME, 'oversized', 'body larger than 2097152 bytes')
    await assert.rejects(mirror.make(root, forever), failsAs('refused', /larger/))
    trouble.error = null
    const get = mirror.make(leafAt(0, 100), forever)
    await send()
    assert.deepEqual(await get, noise(200).slice(0, 100))
  })
})
