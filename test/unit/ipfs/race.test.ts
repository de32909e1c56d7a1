// The race for a block: who is asked when, who is believed, and what is said when nobody had it. Time is virtual.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { GreenprintError } from '../../../lib/errors.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import {
  bytes,
  checked,
  cid,
  type Deed,
  fail,
  forever,
  manyBlocks,
  serve,
  startWorld,
} from './race-world.ts'

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

  it('a copy that is known to have the file is asked first, and not waited for when it is late', async (t) => {
    const { clock, source, run, log } = startWorld(t)
    const [root, one, two] = manyBlocks(3)
    assert.ok(root && one && two)
    const copy = source('copy', serve(20), { ms: 0, answer: 'hang' })
    const sure = { name: copy.name, isSure: true, make: checked(copy) }
    const race = new BlockRace([source('a', serve(100))], clock)
    const entry = { root, mirrors: [sure] }
    assert.equal((await run(race.get(one, forever, entry))).value.source, 'copy')
    assert.deepEqual(log, ['copy 0'])
    assert.equal((await run(race.get(two, forever, entry))).value.source, 'a')
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
})
