// Sources over real http that hang, fail, lie and come back: nobody waits for them twice, and none is forgotten.

import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { type Clock, systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { createGateway } from '../../../lib/ipfs/gateway.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { type Behaviour, startGateway, type TestGateway } from '../../harness/gateway.ts'

const forever = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const memory = new MemoryBlocks()
const bytes = noise(1_500_000)
const cid = await memory.add(bytes)

const closing: (() => Promise<void>)[] = []
after(() => Promise.all(closing.map((close) => close())))

async function start(behaviour: Behaviour = 'serve', blocks = memory): Promise<TestGateway> {
  const gateway = await startGateway(blocks, behaviour)
  closing.push(() => gateway.close())
  return gateway
}

/** A process: what it learns of its sources lives as long as it. Nothing is cached. */
function startProcess(gateways: readonly TestGateway[], clock: Clock = systemClock) {
  const sources = gateways.map(({ url }) => createGateway({ url, headers: {} }, http, clock))
  const race = new BlockRace(sources, clock)
  const blocks = createBlocks({ own: [], network: race, cacheBytes: 0 })
  const read = async (signal: AbortSignal) => {
    const reading = new ReadSession()
    const file = await openFile(cid, blocks, reading, signal, { front: () => 65_536 })
    const [window] = await file.readAll([{ offset: 700_000, length: 100_000 }], signal)
    return { window: Buffer.from(window ?? []), reading }
  }
  const get = async (name: Cid) => (await race.get(name, forever)).source
  return { read, get }
}

/** Time by hand for the scores; hedges and time-outs never come. */
function stopTime(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = Date.UTC(2026, 0, 1)
  const sleep = () => Promise.reject(new Error('nobody sleeps here'))
  const clock: Clock = { elapsed: () => now, now: () => now, sleep }
  const pass = (ms: number) => {
    now += ms
  }
  return { clock, pass }
}

/** Blocks that every gateway has. */
const several = Array.from({ length: 12 }, (_, at) => {
  const block = noise(100, 500 + at)
  const name = cidOfBlock(RAW, block)
  memory.put(name, block)
  return name
})
const [one, two, three, four, ...others] = several
assert.ok(one && two && three && four)

function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(0.95 * times.length)] ?? Infinity
}

describe('one of three sources hangs', () => {
  it('fifty reads take about as long as with three that serve, and it is asked ever less', async (t) => {
    const [hanging, ...good] = [await start('hang'), await start(), await start()]
    const healthy = startProcess([await start(), ...good])
    const hurt = startProcess([hanging, ...good])
    const times = { healthy: [] as number[], hurt: [] as number[] }
    const askedBy: number[] = []
    const expected = bytes.subarray(700_000, 800_000)
    for (let run = -1; run < 50; run++) {
      // Turn by turn, so that what else this machine does slows both alike.
      for (const [name, { read }] of Object.entries({ healthy, hurt })) {
        const started = performance.now()
        const { window } = await read(forever)
        assert.ok(window.equals(expected))
        if (run >= 0) times[name === 'hurt' ? 'hurt' : 'healthy'].push(performance.now() - started)
      }
      askedBy.push(hanging.asked.length)
    }
    const [slow, fast] = [p95(times.hurt), p95(times.healthy)]
    t.diagnostic(
      `p95 ${slow.toFixed(1)} ms, healthy ${fast.toFixed(1)} ms, asked ${askedBy.at(-1)}`,
    )
    assert.ok(slow < 3 * fast + 150, `${slow} ms, healthy ${fast} ms`)
    // Once in the warm-up; then probes half a second, one, two, four … seconds apart.
    assert.equal(askedBy[0], 1)
    assert.ok((askedBy.at(-1) ?? 99) <= 8, `${askedBy.at(-1)} times`)
  })

  it('alone, until its reader gives up: its line says that it was waited for', async () => {
    const hanging = await start('hang')
    const source = createGateway({ url: hanging.url, headers: {} }, http, systemClock)
    const race = new BlockRace([source], systemClock)
    const reader = new AbortController()
    const waiting = race.get(one, reader.signal)
    while (hanging.asked.length === 0) await systemClock.sleep(5, forever)
    reader.abort(new Error('had enough'))
    await assert.rejects(waiting, /had enough/)
    assert.deepEqual(race.lines, [`${hanging.url}: 0 blocks served, 1 waited for`])
  })
})

describe('a reader who leaves', () => {
  it('does not fail those who wait for the same blocks, and nothing is fetched twice', async () => {
    const gateway = await start()
    gateway.latencyMs = 50
    const { read } = startProcess([gateway])
    const impatient = [0, 1, 2].map(() => new AbortController())
    const leaving = impatient.map(({ signal }) => read(signal))
    const staying = [0, 1].map(() => read(forever))
    // The first one to ask is the first one to leave.
    impatient.forEach((reader, at) =>
      setTimeout(() => reader.abort(new Error(`reader ${at} has left`)), 10 + 40 * at),
    )
    const left = await Promise.allSettled(leaving)
    assert.deepEqual(
      left.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.message : 'served')),
      ['reader 0 has left', 'reader 1 has left', 'reader 2 has left'],
    )
    for (const { window } of await Promise.all(staying))
      assert.ok(window.equals(bytes.subarray(700_000, 800_000)))
    assert.equal(new Set(gateway.asked).size, gateway.asked.length)
  })
})

describe('a source that asks to be left alone', () => {
  for (const [form, header] of [
    ['seconds', () => '60'],
    ['a date', (now: number) => new Date(now + 60_000).toUTCString()],
  ] as const) {
    it(`in ${form} is left alone that long, then probed`, async (t) => {
      const { clock, pass } = stopTime(t)
      const headers = { 'retry-after': header(clock.now()) }
      const [busy, good] = [await start({ status: 429, headers }), await start()]
      const { get } = startProcess([busy, good], clock)
      assert.equal(await get(one), good.url)
      busy.behaviour = 'serve'
      pass(59_000)
      assert.equal(await get(two), good.url)
      assert.equal(busy.asked.length, 1)
      pass(1_001)
      await get(three)
      assert.equal(busy.asked.length, 2)
    })
  }
})

describe('a source that has cooled down', () => {
  it('gets one probe beside the others, however many ask', async (t) => {
    const { clock, pass } = stopTime(t)
    const [broken, good] = [await start({ status: 500 }), await start()]
    const { get } = startProcess([broken, good], clock)
    await get(one)
    assert.equal(broken.asked.length, 1)
    broken.behaviour = 'hang'
    pass(10_000)
    const from = await Promise.all(others.map(get))
    assert.deepEqual(new Set(from), new Set([good.url]))
    assert.equal(broken.asked.length, 2)
  })

  it('serves again once its probe did', async (t) => {
    const { clock, pass } = stopTime(t)
    const [broken, good] = [await start({ status: 500 }), await start()]
    const { get } = startProcess([broken, good], clock)
    await get(one)
    broken.behaviour = 'serve'
    good.behaviour = 'hang'
    pass(10_000)
    assert.equal(await get(two), broken.url)
    good.behaviour = { status: 404 }
    assert.equal(await get(three), broken.url)
  })
})

describe('the source that served the root of a file', () => {
  it('is asked first for the rest of it, and for the file again, slow as it is', async (t) => {
    const { clock, pass } = stopTime(t)
    const [other, owner] = [await start('serve', new MemoryBlocks()), await start()]
    // Every request seems to take longer than one to a source that nobody knows.
    const elapsed = () => {
      pass(400)
      return clock.now()
    }
    const { read } = startProcess([other, owner], { ...clock, elapsed })
    for (let time = 0; time < 2; time++) {
      const { window, reading } = await read(forever)
      assert.ok(window.equals(bytes.subarray(700_000, 800_000)))
      assert.deepEqual(Object.keys(reading.ledger.totals.sources), [owner.url])
    }
    assert.deepEqual(other.asked, [cid.toString()])
  })
})

describe('a lie', () => {
  it('costs five minutes, though the liar has been good before', async (t) => {
    const { clock, pass } = stopTime(t)
    const [liar, good] = [await start(), await start()]
    const { get } = startProcess([liar, good], clock)
    assert.equal(await get(one), liar.url)
    liar.behaviour = 'flip'
    assert.equal(await get(two), good.url)
    liar.behaviour = 'serve'
    pass(299_000)
    for (const name of [one, two, three]) assert.equal(await get(name), good.url)
    assert.equal(liar.asked.length, 2)
    pass(1_001)
    await get(four)
    assert.equal(liar.asked.length, 3)
  })
})
