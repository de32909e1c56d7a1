// Where a block comes from: memory, then our own stores, then the network; one fetch for all who wait.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import type { BlockSource } from '../../../lib/ipfs/source.ts'
import type { BlockKind } from '../../../lib/ipfs/store-gaps.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const signal = new AbortController().signal
const bytes = noise(1000)
const cid = cidOfBlock(RAW, bytes)

/** A source whose answers the test gives, one per call. */
function scripted(
  name: string,
  answer: (cid: Cid, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer> | null>,
) {
  const source = {
    name,
    calls: 0,
    get(asked: Cid, stop: AbortSignal) {
      source.calls++
      return answer(asked, stop)
    },
  }
  return source
}

function blocksOver(own: BlockSource[], network: BlockSource[], cacheBytes = 0) {
  return createBlocks({ own, network: new BlockRace(network, systemClock), cacheBytes })
}

/** Resolves when told, rejects when its reader leaves. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
  const asked = Promise.withResolvers<void>()
  const aborted = Promise.withResolvers<void>()
  const answer = (_: Cid, stop: AbortSignal) => {
    asked.resolve()
    stop.addEventListener('abort', () => aborted.resolve())
    return Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        stop.addEventListener('abort', () => reject(stop.reason))
      }),
    ])
  }
  return { answer, open: () => resolve(bytes), asked: asked.promise, aborted: aborted.promise }
}

describe('a store of our own is not asked in vain', () => {
  const [root, inner, leaf, other] = [1, 2, 3, 4].map((seed) => cidOfBlock(RAW, noise(100, seed)))
  const askedFor = async (kinds: readonly BlockKind[], has: readonly (Cid | undefined)[]) => {
    const held = (asked: Cid) => has.some((one) => one?.equals(asked))
    const source = (all: boolean) => async (asked: Cid) =>
      all || held(asked)
        ? noise(100, [root, inner, leaf, other].findIndex((one) => one?.equals(asked)) + 1)
        : null
    const store = scripted('store', source(false))
    const blocks = blocksOver([store], [scripted('gateway', source(true))])
    const reading = new ReadSession()
    for (const [at, name] of [root, inner, leaf, other].entries()) {
      const kind = kinds[at]
      if (name !== undefined && kind !== undefined) await blocks.get(name, reading, signal, kind)
    }
    return store.calls
  }

  it('for anything more of a file whose root it lacks', async () => {
    assert.equal(await askedFor(['root', 'inner', 'leaf', 'leaf'], []), 1)
  })

  it('for more leaves of a file of which it has the inner nodes alone', async () => {
    assert.equal(await askedFor(['root', 'inner', 'leaf', 'leaf'], [root, inner]), 3)
    assert.equal(await askedFor(['root', 'leaf', 'inner', 'leaf'], [root]), 3)
  })

  it('for what is never put there', async () => {
    const asked: BlockKind[] = []
    for (const kind of ['leaf', 'front', 'inner'] as const) {
      const get = async () => {
        asked.push(kind)
        return null
      }
      const store = { name: 'outboard', lacks: ['front', 'leaf'] as const, get }
      const blocks = blocksOver([store], [scripted('gateway', async () => bytes)])
      await blocks.get(cid, new ReadSession(), signal, kind)
    }
    assert.deepEqual(asked, ['inner'])
  })
})

describe('blocks', () => {
  it('come from our own store before any gateway is asked', async () => {
    const store = scripted('store', async () => bytes)
    const gateway = scripted('gateway', async () => bytes)
    const reading = new ReadSession()
    assert.deepEqual(await blocksOver([store], [gateway]).get(cid, reading, signal), bytes)
    assert.equal(gateway.calls, 0)
    assert.deepEqual(reading.ledger.totals, {
      bytes_read: 1000,
      blocks: 1,
      requests: 0,
      sources: { store: 1 },
    })
  })

  it('come from a gateway when our own store holds damaged bytes', async () => {
    const damaged = scripted('store', async () => noise(1000, 2))
    const reading = new ReadSession()
    const blocks = blocksOver([damaged], [scripted('gateway', async () => bytes)])
    assert.deepEqual(await blocks.get(cid, reading, signal), bytes)
    assert.deepEqual(reading.ledger.totals.sources, { gateway: 1 })
  })

  it('replace what an own store holds damaged, in that store, whatever kind of block it is', async () => {
    const damaged = scripted('store', async () => noise(1000, 2))
    const healed: Cid[] = []
    const put = async (asked: Cid, block: Uint8Array) => {
      assert.deepEqual(block, bytes)
      healed.push(asked)
    }
    const sound = { ...scripted('outboard', async () => null), put: () => assert.fail('is sound') }
    const blocks = createBlocks({
      own: [{ ...damaged, put }, sound],
      network: new BlockRace([scripted('gateway', async () => bytes)], systemClock),
      cacheBytes: 0,
    })
    await blocks.get(cid, new ReadSession(), signal, 'leaf')
    await blocks.settle()
    assert.deepEqual(healed, [cid])
  })

  it('name a damaged store when nobody else has the block', async () => {
    const damaged = scripted('store', async () => noise(1000, 2))
    const get = blocksOver([damaged], []).get(cid, new ReadSession(), signal)
    await assert.rejects(get, (error: { details: string[] }) => {
      assert.match(error.details[0] ?? '', /^store: answered 1000 bytes that do not hash/)
      return true
    })
  })

  it('are kept in memory, the least recently used leaving first', async () => {
    const all = [1, 2, 3].map((seed) => noise(1000, seed))
    const cids = all.map((block) => cidOfBlock(RAW, block))
    const store = scripted(
      'store',
      async (asked) => all[cids.findIndex((known) => known.equals(asked))] ?? null,
    )
    const blocks = blocksOver([store], [], 2000)
    const [one, two, three] = cids
    for (const asked of [one, two, one, three, one, two]) {
      if (asked !== undefined) await blocks.get(asked, new ReadSession(), signal)
    }
    // one and two were fetched, one was touched, three pushed two out, two was fetched again.
    assert.equal(store.calls, 4)
  })

  it('are fetched once for readers at the same time', async () => {
    const { answer, open } = gate()
    const store = scripted('store', answer)
    const blocks = blocksOver([store], [])
    const reads = [1, 2, 3].map(() => blocks.get(cid, new ReadSession(), signal))
    open()
    for (const read of await Promise.all(reads)) assert.deepEqual(read, bytes)
    assert.equal(store.calls, 1)
  })

  it('reach the others when one reader leaves', async () => {
    const { answer, open } = gate()
    const blocks = blocksOver([scripted('store', answer)], [])
    const impatient = new AbortController()
    const leaving = blocks.get(cid, new ReadSession(), impatient.signal)
    const staying = blocks.get(cid, new ReadSession(), signal)
    impatient.abort(new Error('had enough'))
    await assert.rejects(leaving, /had enough/)
    open()
    assert.deepEqual(await staying, bytes)
  })

  it('are no longer fetched once the last reader left, and can be asked for anew', async () => {
    const first = gate()
    const answers = [first.answer, async () => bytes]
    const store = scripted('store', (asked, stop) => (answers.shift() ?? first.answer)(asked, stop))
    const blocks = blocksOver([store], [])
    const impatient = new AbortController()
    const leaving = blocks.get(cid, new ReadSession(), impatient.signal)
    await first.asked
    impatient.abort(new Error('had enough'))
    await assert.rejects(leaving, /had enough/)
    await first.aborted
    assert.deepEqual(await blocks.get(cid, new ReadSession(), signal), bytes)
    assert.equal(store.calls, 2)
  })

  it('refuse a reader that has left already', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    await assert.rejects(blocksOver([], []).get(cid, new ReadSession(), gone), /gone/)
  })
})
