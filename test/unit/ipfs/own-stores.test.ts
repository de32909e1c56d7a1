// The stores of a deployment, before the network: which of them is asked for what, and what their failures mean.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromOwn, type OwnSource } from '../../../lib/ipfs/own-stores.ts'
import { type BlockKind, StoreGaps } from '../../../lib/ipfs/store-gaps.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import type { SourceFailure } from '../../../lib/model/source-failure.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const signal = new AbortController().signal
const bytes = noise(1000)
const cid = cidOfBlock(RAW, bytes)

/** A store that has the block, or gives another answer, and counts how often it is asked. */
function storeOf(name: string, answer: OwnSource['get'] = async () => bytes) {
  const store = {
    name,
    calls: 0,
    get: (...asked: Parameters<OwnSource['get']>) => {
      store.calls++
      return answer(...asked)
    },
  }
  return store
}

const lacking = async () => null

function ask(
  own: readonly OwnSource[],
  kind: BlockKind,
  gaps = new StoreGaps(),
  misses: SourceFailure[] = [],
) {
  return fromOwn(own, { cid, kind, session: { gaps } }, misses, signal)
}

describe('stores of our own', () => {
  it('are asked for a root all at once, and the first that has it counts', {
    timeout: 5_000,
  }, async () => {
    const last = Promise.withResolvers<void>()
    const own = [
      storeOf('made', lacking),
      // It answers once the one after it was asked.
      storeOf('outboard', () => last.promise.then(() => bytes)),
      storeOf('read', async () => {
        last.resolve()
        return bytes
      }),
    ]
    assert.deepEqual(await ask(own, 'root'), { block: bytes, source: 'outboard' })
  })

  it('are not waited for once one before them has the root: they are told to stop', {
    timeout: 5_000,
  }, async () => {
    const stopped = Promise.withResolvers<void>()
    const hanging = storeOf('outboard', (_cid, stop) => {
      const { promise, reject } = Promise.withResolvers<null>()
      stop.addEventListener('abort', () => {
        stopped.resolve()
        reject(stop.reason)
      })
      return promise
    })
    const gaps = new StoreGaps()
    assert.equal((await ask([storeOf('made'), hanging], 'root', gaps))?.source, 'made')
    await stopped.promise
    assert.ok(!gaps.lacks('outboard', 'inner'))
  })

  it('are asked where what is at hand has nothing, and not before', async () => {
    const sample = { ...storeOf('sample'), isAtHand: true }
    const made = storeOf('made')
    for (const kind of ['root', 'leaf'] as const) {
      assert.equal((await ask([made, sample], kind))?.source, 'sample')
    }
    assert.equal(made.calls, 0)
    const other = { ...storeOf('sample', lacking), isAtHand: true }
    assert.equal((await ask([made, other], 'root'))?.source, 'made')
  })

  it('are asked for the rest of a file where its root was, and where parts of it may lie', async () => {
    const own = [
      storeOf('made', lacking),
      { ...storeOf('read', lacking), keepsParts: true },
      storeOf('outboard'),
    ]
    const gaps = new StoreGaps()
    await ask(own, 'root', gaps)
    const left = own.filter(({ name }) => !gaps.lacks(name, 'inner')).map(({ name }) => name)
    assert.deepEqual(left, ['read', 'outboard'])
  })

  it('are not asked for anything more of a file that none of them has', async () => {
    const own = [storeOf('made', lacking), { ...storeOf('read', lacking), keepsParts: true }]
    const gaps = new StoreGaps()
    await ask(own, 'root', gaps)
    assert.ok(own.every(({ name }) => gaps.lacks(name, 'front')))
  })

  it('that cannot be asked fail a reading where no other has the root, and only then', async () => {
    const failure = new Error('no such bucket')
    const failing = storeOf('made', () => Promise.reject(failure))
    assert.equal((await ask([failing, storeOf('outboard')], 'root'))?.source, 'outboard')
    await assert.rejects(ask([failing, storeOf('outboard', lacking)], 'root'), failure)
  })

  it('that hold it damaged are told in their order, and do not hide one that has it well', async () => {
    const damaged = async () => noise(1000, 2)
    const own = [storeOf('made', damaged), storeOf('outboard', damaged), storeOf('read')]
    const misses: SourceFailure[] = []
    assert.equal((await ask(own, 'root', new StoreGaps(), misses))?.source, 'read')
    assert.deepEqual(
      misses.map(({ source, kind }) => `${source}: ${kind}`),
      ['made: lie', 'outboard: lie'],
    )
  })

  it('have nothing where none has it', async () => {
    assert.equal(await ask([], 'root'), null)
    assert.equal(await ask([storeOf('made', lacking)], 'root'), null)
    assert.equal(await ask([storeOf('made', lacking)], 'unknown'), null)
  })
})
