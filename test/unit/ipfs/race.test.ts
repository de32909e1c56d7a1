// The race for a block: who is asked when, who is believed, and what is said when nobody had it. Time is virtual.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import type { BlockSource } from '../../../lib/ipfs/source.ts'
import { type Cid, cidOfBlock, RAW } from '../../../lib/ipld/cid.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { noise } from '../../harness/blocks.ts'

const forever = new AbortController().signal
const bytes = noise(100)
const cid = cidOfBlock(RAW, bytes)

type Answer = 'serve' | 'lie' | 'hang' | null | Error | { fail: FailureKind; retryAfterMs?: number }

/** What a source does `ms` after it was asked. */
interface Deed {
  readonly ms: number
  readonly answer: Answer
}

/** A world without waiting: timers and the race's clock move only when `run` moves them. */
function startWorld(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 1_000_000
  const started = now
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(resolve, ms)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  const clock: Clock = { elapsed: () => now, now: () => now, sleep }
  const log: string[] = []

  /** A source that does its deeds one after the other, the last one again and again. */
  function source(name: string, ...deeds: readonly Deed[]) {
    const left = [...deeds]
    const made = {
      name,
      asked: 0,
      running: 0,
      most: 0,
      async get(asked: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
        log.push(`${name} ${now - started}`)
        made.asked++
        made.running++
        made.most = Math.max(made.most, made.running)
        const deed = left.length > 1 ? left.shift() : left[0]
        try {
          await sleep(deed?.answer === 'hang' ? 1e9 : (deed?.ms ?? 0), signal)
        } finally {
          made.running--
        }
        return answer(name, deed?.answer ?? null, asked)
      },
    } satisfies BlockSource & Record<string, unknown>
    return made
  }

  /** Moves time until the promise is settled. @returns how many milliseconds that took */
  async function run<T>(promise: Promise<T>): Promise<{ value: T; ms: number }> {
    const from = now
    const running = new Set([promise])
    const watched = promise.finally(() => running.clear())
    watched.catch(() => undefined)
    for (await turn(); running.size > 0; await turn()) {
      assert.ok(now - from < 3_600_000, 'it never ends')
      now += 5
      t.mock.timers.tick(5)
    }
    return { value: await watched, ms: now - from }
  }

  const pass = (ms: number) => run(sleep(ms, forever))
  return { clock, source, run, pass, log, at: () => now - started }
}

const contents = new Map([[cid.toString(), bytes]])

function answer(name: string, answer: Answer, asked: Cid): Uint8Array<ArrayBuffer> | null {
  if (answer === null || answer === 'hang') return null
  if (answer instanceof Error) throw answer
  if (answer === 'lie') return noise(100, 99)
  if (answer === 'serve') return contents.get(asked.toString()) ?? null
  throw new SourceFailure(name, answer.fail, `is ${answer.fail}`, {
    retryAfterMs: answer.retryAfterMs ?? null,
  })
}

/** Different blocks, each asked once. */
function manyBlocks(count: number): Cid[] {
  return Array.from({ length: count }, (_, index) => {
    const block = noise(50, 1000 + index)
    const name = cidOfBlock(RAW, block)
    contents.set(name.toString(), block)
    return name
  })
}

const serve = (ms: number): Deed => ({ ms, answer: 'serve' })
const fail = (kind: FailureKind, ms = 10, retryAfterMs?: number): Deed => ({
  ms,
  answer: { fail: kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})

function unavailable(...details: readonly string[]) {
  return (error: unknown) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'content_unavailable')
    assert.match(error.message, /^No source could serve block baf/)
    assert.deepEqual(error.details, details)
    return true
  }
}

describe('one block', () => {
  it('comes from the first source, and nobody else is asked', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b] = [source('a', serve(100)), source('b', serve(1))]
    const { value, ms } = await run(new BlockRace([a, b], clock).get(cid, forever))
    assert.deepEqual(value, { block: bytes, source: 'a' })
    assert.equal(ms, 100)
    assert.deepEqual(log, ['a 0'])
  })

  it('is asked of the next one too after a while, and the first answer counts', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b, c] = [source('a', serve(5_000)), source('b', serve(100)), source('c', serve(1))]
    const { value, ms } = await run(new BlockRace([a, b, c], clock).get(cid, forever))
    assert.deepEqual(log, ['a 0', 'b 750'])
    assert.deepEqual([value.source, ms], ['b', 850])
  })

  it('may still come from the first one after the second was asked', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b] = [source('a', serve(800)), source('b', serve(500))]
    const { value, ms } = await run(new BlockRace([a, b], clock).get(cid, forever))
    assert.deepEqual([value.source, log.length, ms], ['a', 2, 800])
  })

  for (const kind of ['absent', 'refused', 'busy', 'slow', 'broken', 'oversized', 'lie'] as const) {
    it(`is asked of the next source at once when the first one is ${kind}`, async (t) => {
      const { clock, source, run, log } = startWorld(t)
      const deed: Deed = kind === 'lie' ? { ms: 10, answer: 'lie' } : fail(kind)
      const [a, b] = [source('a', deed), source('b', serve(10))]
      const { value, ms } = await run(new BlockRace([a, b], clock).get(cid, forever))
      assert.deepEqual(log, ['a 0', 'b 10'])
      assert.deepEqual([value.source, ms], ['b', 20])
    })
  }

  it('tells the ledger of who asks of every request, won or lost', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', fail('broken')), source('b', serve(10))]
    let requests = 0
    const ledger = { countRequest: () => void requests++ }
    await run(new BlockRace([a, b], clock).get(cid, forever, { root: null, mirrors: [], ledger }))
    assert.equal(requests, 2)
  })

  it('calls off the others once one has served', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', { ms: 0, answer: 'hang' }), source('b', serve(50))]
    await run(new BlockRace([a, b], clock).get(cid, forever))
    await turn()
    assert.deepEqual([a.asked, a.running, b.running], [1, 0, 0])
  })

  it('is asked of all, each after the hedge of the one before, while nobody answers', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const hanging = ['a', 'b', 'c'].map((name) => source(name, { ms: 0, answer: 'hang' }))
    const race = new BlockRace([...hanging, source('d', serve(10))], clock)
    const { ms } = await run(race.get(cid, forever))
    assert.deepEqual(log, ['a 0', 'b 750', 'c 1500', 'd 2250'])
    assert.equal(ms, 2_260)
  })
})

describe('a source that failed in passing', () => {
  for (const kind of ['busy', 'broken'] as const) {
    it(`(${kind}) is asked once more after a third of a second`, async (t) => {
      const { clock, source, run, log } = startWorld(t)
      const a = source('a', fail(kind), serve(10))
      const { value, ms } = await run(new BlockRace([a], clock).get(cid, forever))
      assert.deepEqual(log, ['a 0', 'a 310'])
      assert.deepEqual([value.source, ms], ['a', 320])
    })
  }

  it('is asked once more when it said', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('busy', 10, 1_500), serve(10))
    await run(new BlockRace([a], clock).get(cid, forever))
    assert.deepEqual(log, ['a 0', 'a 1510'])
  })

  it('is not waited for when it said more than two seconds', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('busy', 10, 2_001), serve(10))
    await assert.rejects(
      run(new BlockRace([a], clock).get(cid, forever)),
      unavailable('a: is busy'),
    )
    assert.deepEqual(log, ['a 0'])
  })

  it('is waited for as long as it said where nobody else is left and the reader has the time', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('busy', 10, 7_000), serve(10))
    const entry = { root: null, mirrors: [], timeLeft: () => 20_000 }
    await run(new BlockRace([a], clock).get(cid, forever, entry))
    assert.deepEqual(log, ['a 0', 'a 7010'])
  })

  it('is not waited for beyond the reader’s time', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('busy', 10, 7_000), serve(10))
    const entry = { root: null, mirrors: [], timeLeft: () => 8_000 }
    const get = new BlockRace([a], clock).get(cid, forever, entry)
    await assert.rejects(run(get), unavailable('a: is busy'))
    assert.deepEqual(log, ['a 0'])
  })

  it('is asked once more and no more, and told once', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('broken'))
    const get = new BlockRace([a], clock).get(cid, forever)
    await assert.rejects(run(get), unavailable('a: is broken'))
    assert.deepEqual(log, ['a 0', 'a 310'])
  })

  it('is asked again after the others only', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b] = [source('a', fail('broken'), serve(10)), source('b', fail('absent'))]
    const { value } = await run(new BlockRace([a, b], clock).get(cid, forever))
    assert.deepEqual(log, ['a 0', 'b 10', 'a 320'])
    assert.equal(value.source, 'a')
  })

  for (const kind of ['absent', 'refused', 'slow', 'oversized', 'lie'] as const) {
    it(`is not asked again when it was ${kind}`, async (t) => {
      const { clock, source, run } = startWorld(t)
      const a = source('a', kind === 'lie' ? { ms: 1, answer: 'lie' } : fail(kind), serve(10))
      await assert.rejects(run(new BlockRace([a], clock).get(cid, forever)))
      assert.equal(a.asked, 1)
    })
  }
})

describe('when nobody has it', () => {
  it('every source has its line, in the order of their failures', async (t) => {
    const { clock, source, run } = startWorld(t)
    const race = new BlockRace(
      [
        source('https://a.example', fail('slow', 100)),
        source('https://b.example', { ms: 10, answer: null }),
        source('https://c.example', { ms: 10, answer: 'lie' }),
        source('https://d.example', fail('busy')),
      ],
      clock,
    )
    await assert.rejects(
      run(race.get(cid, forever)),
      unavailable(
        'https://a.example: is slow',
        'https://b.example: does not have it',
        'https://c.example: answered 100 bytes that do not hash to the CID',
        'https://d.example: is busy',
      ),
    )
  })

  it('without any source that is said', async (t) => {
    const { clock, run } = startWorld(t)
    const get = new BlockRace([], clock).get(cid, forever)
    await assert.rejects(run(get), unavailable('no gateway is configured'))
  })

  it('because it is larger than a block may be, that is said, and no source is blamed', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const a = source('a', fail('oversized'), serve(10))
    const race = new BlockRace([a, source('b', { ms: 10, answer: null }, serve(400))], clock)
    const [large, other] = manyBlocks(2)
    assert.ok(large && other)
    await assert.rejects(run(race.get(large, forever)), (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'content_unusable')
      assert.match(error.message, /^Block baf\w+ is larger than 2 MiB/)
      assert.deepEqual(error.details, ['a: is oversized', 'b: does not have it'])
      return true
    })
    log.length = 0
    const { value } = await run(race.get(other, forever))
    assert.deepEqual([value.source, log.length], ['a', 1])
  })

  it('and one sent too much while another is broken, it may be there all the same', async (t) => {
    const { clock, source, run } = startWorld(t)
    const race = new BlockRace([source('a', fail('oversized')), source('b', fail('slow'))], clock)
    await assert.rejects(run(race.get(cid, forever)), unavailable('a: is oversized', 'b: is slow'))
  })

  it('a fault of our own is not taken for one of a source', async (t) => {
    const { clock, source, run } = startWorld(t)
    const bug = new TypeError('a bug')
    const race = new BlockRace([source('a', { ms: 1, answer: bug }), source('b', serve(1))], clock)
    await assert.rejects(run(race.get(cid, forever)), (error) => error === bug)
  })
})

describe('a caller who gives up', () => {
  const reason = new Error('had enough')

  it('gets the own reason back at once, and every source is called off', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', { ms: 0, answer: 'hang' }), source('b', { ms: 0, answer: 'hang' })]
    const caller = new AbortController()
    setTimeout(() => caller.abort(reason), 1_000)
    const get = new BlockRace([a, b], clock).get(cid, caller.signal)
    await assert.rejects(run(get), (error) => error === reason)
    await turn()
    assert.deepEqual([a.asked, b.asked, a.running, b.running], [1, 1, 0, 0])
  })

  it('while a second try is waited for gets it too', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', fail('busy', 10, 1_500), serve(1))
    const caller = new AbortController()
    setTimeout(() => caller.abort(reason), 500)
    const get = new BlockRace([a], clock).get(cid, caller.signal)
    await assert.rejects(run(get), (error) => error === reason)
    assert.equal(a.asked, 1)
  })

  it('before asking asks nobody', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', serve(1))
    const get = new BlockRace([a], clock).get(cid, AbortSignal.abort(reason))
    await assert.rejects(run(get), (error) => error === reason)
    assert.equal(a.asked, 0)
  })
})

describe('over many blocks', () => {
  it('the faster source comes first as soon as it is known', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [slow, fast] = [source('slow', serve(2_000)), source('fast', serve(50))]
    const race = new BlockRace([slow, fast], clock)
    const names: string[] = []
    for (const block of manyBlocks(10))
      names.push((await run(race.get(block, forever))).value.source)
    assert.deepEqual(new Set(names), new Set(['fast']))
    assert.equal(slow.asked, 1)
  })

  it('a source that hangs costs one hedge, and is tried beside the others ever more rarely', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [a, b] = [source('a', { ms: 0, answer: 'hang' }), source('b', serve(400))]
    const race = new BlockRace([a, b], clock)
    let total = 0
    for (const block of manyBlocks(100)) total += (await run(race.get(block, forever))).ms
    assert.ok(total < 100 * 400 + 1_000, `${total} ms`)
    // One hedge, then probes half a second, one, two, four … seconds apart, in 40 seconds.
    assert.ok(a.asked >= 4 && a.asked <= 8, `${a.asked} times`)
  })

  it('a source that hung comes back by a probe once it serves, and nobody waits for it', async (t) => {
    const { clock, source, run, pass, log } = startWorld(t)
    const a = source('a', { ms: 0, answer: 'hang' }, serve(20))
    const race = new BlockRace([a, source('b', serve(300))], clock)
    const [first, second, third] = manyBlocks(3)
    assert.ok(first && second && third)
    await run(race.get(first, forever))
    await pass(10_000)
    assert.deepEqual((await run(race.get(second, forever))).value.source, 'a')
    log.length = 0
    const { value } = await run(race.get(third, forever))
    assert.deepEqual([value.source, log.length], ['a', 1])
  })

  it('who served a root goes first for it, unless it failed since', async (t) => {
    const { clock, source, run } = startWorld(t)
    const [one, two, three] = manyBlocks(3)
    assert.ok(one && two && three)
    const ofOne = { root: one, mirrors: [] }
    // Only the slower source has the root.
    const rare = new BlockRace(
      [source('a', fail('absent', 5), serve(50)), source('b', serve(400))],
      clock,
    )
    assert.equal((await run(rare.get(one, forever, ofOne))).value.source, 'b')
    assert.equal((await run(rare.get(two, forever, ofOne))).value.source, 'b')
    assert.equal((await run(rare.get(three, forever))).value.source, 'a')
  })

  it('a copy of a file is asked for its root after all gateways, however fast it is', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [first, root] = manyBlocks(2)
    assert.ok(first && root)
    const copy = source('copy', serve(1))
    const race = new BlockRace([source('a', serve(400)), source('b', fail('absent', 5))], clock)
    await run(race.get(first, forever, { root: null, mirrors: [copy] }))
    log.length = 0
    assert.equal((await run(race.get(root, forever, { root, mirrors: [copy] }))).value.source, 'a')
    assert.ok(!log.some((line) => line.startsWith('copy')), log.join())
  })

  it('a liar is asked again after five minutes, not before, though it serves meanwhile', async (t) => {
    const { clock, source, run, pass } = startWorld(t)
    const a = source('a', serve(20), { ms: 20, answer: 'lie' }, serve(30))
    const race = new BlockRace([a, source('b', serve(400))], clock)
    const [first, lied, honest, during, late] = manyBlocks(5)
    assert.ok(first && lied && honest && during && late)
    await run(race.get(first, forever))
    // Two requests on their way at once: the lie comes back first, then the other block, which is sound.
    const both = [race.get(lied, forever), race.get(honest, forever)]
    const { value } = await run(Promise.all(both))
    assert.deepEqual(
      value.map(({ source }) => source),
      ['b', 'a'],
    )
    assert.equal((await run(race.get(during, forever))).value.source, 'b')
    await pass(5 * 60_000)
    assert.equal((await run(race.get(late, forever))).value.source, 'a')
  })

  it('who sent too much for a block that another has is a liar', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', fail('oversized'), serve(10))
    const race = new BlockRace([a, source('b', serve(400))], clock)
    const [one, two] = manyBlocks(2)
    assert.ok(one && two)
    for (const block of [one, two])
      assert.equal((await run(race.get(block, forever))).value.source, 'b')
    assert.equal(a.asked, 1)
    assert.match(race.lines[0] ?? '', /is oversized, for a block of 50 bytes/)
  })

  it('who refuses everything is left alone for a while after the third time', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', fail('refused'))
    const race = new BlockRace([a, source('b', serve(400))], clock)
    for (const block of manyBlocks(6)) await run(race.get(block, forever))
    assert.ok(a.asked <= 4, `${a.asked} times`)
  })

  it('a source that failed is left alone for a while, then comes back', async (t) => {
    const { clock, source, run, pass } = startWorld(t)
    const [a, b] = [source('a', fail('slow'), serve(20)), source('b', serve(200))]
    const race = new BlockRace([a, b], clock)
    const [one, two, three] = manyBlocks(3)
    assert.ok(one && two && three)
    assert.equal((await run(race.get(one, forever))).value.source, 'b')
    assert.equal((await run(race.get(two, forever))).value.source, 'b')
    assert.equal(a.asked, 1)
    await pass(60_000)
    const { value } = await run(race.get(three, forever))
    assert.equal(value.block.length, 50)
  })

  it('a source has at most eight requests at a time, and every block comes', async (t) => {
    const { clock, source, run } = startWorld(t)
    const a = source('a', serve(100))
    const race = new BlockRace([a], clock)
    const { value, ms } = await run(
      Promise.all(manyBlocks(40).map((block) => race.get(block, forever))),
    )
    assert.equal(a.most, 8)
    assert.equal(value.length, 40)
    assert.ok(ms >= 500 && ms < 600, `${ms} ms`)
  })

  it('a source that refuses a crowd gets half as many at a time, and every block comes', async (t) => {
    const { clock, run } = startWorld(t)
    const seen = { running: 0, most: 0, refused: 0 }
    /** As Kubo with `Gateway.MaxConcurrentRequests` of two. */
    const strict: BlockSource = {
      name: 'strict',
      async get(asked, signal) {
        seen.most = Math.max(seen.most, ++seen.running)
        try {
          await clock.sleep(20, signal)
          if (seen.running <= 2) return contents.get(asked.toString()) ?? null
          seen.refused++
          throw new SourceFailure('strict', 'busy', 'HTTP 429', { retryAfterMs: 60_000 })
        } finally {
          seen.running--
        }
      },
    }
    const race = new BlockRace([strict], clock)
    const reads = manyBlocks(60).map((block) => race.get(block, forever))
    const { value, ms } = await run(Promise.all(reads))
    assert.equal(value.length, 60)
    assert.equal(seen.most, 8)
    assert.ok(seen.refused < 60, `${seen.refused} refused`)
    assert.ok(ms < 10_000, `${ms} ms`)
  })

  it('waiting in our own line does not make a source slow', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [a, b] = [source('a', serve(100)), source('b', serve(400))]
    const race = new BlockRace([a, b], clock)
    await run(Promise.all(manyBlocks(40).map((block) => race.get(block, forever))))
    log.length = 0
    assert.equal((await run(race.get(cid, forever))).value.source, 'a')
    assert.equal(log.length, 1)
  })
})
