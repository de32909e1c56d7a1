// A sweep over a scripted STAC API: page by page, one job a scene, and harmless when it overlaps.
// Long: one scripted API, in every way that a sweep can go.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { type SweepServices, sweep } from '../../../lib/events/sweep.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'
import { at, item, object } from '../stac/sample-items.ts'
import { page, ScriptedApi } from '../stac/scripted-api.ts'
import { backlogsOf, Desk, eventOf, printsOf } from './notice-context.ts'

const API = 'https://stac.example/v1'
const never = new AbortController().signal
const scenes = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => item({ id: `s${from + index}` }))

/** An API that pages by token, `size` items at a time. */
function paging(items: readonly JsonObject[], size: number): ScriptedApi {
  return new ScriptedApi(({ body }) => {
    const start = Number(at(body, 'token') ?? 0)
    const end = start + size
    const next = { href: `${API}/search`, method: 'POST', merge: true, body: { token: end } }
    return page(items.slice(start, end), end < items.length ? next : null)
  })
}

function servicesOf(documents: ScriptedApi, desk: Desk): SweepServices {
  return {
    documents,
    stacApiUrl: API,
    backlogs: backlogsOf(),
    clock: systemClock,
    fingerprints: printsOf(),
    submit: desk.submit,
    log: desk.log,
  }
}

describe('a sweep for scenes without CIDs', () => {
  const file = (name: string) => ({ href: `https://files.example/${name}` })
  const plain = item({ id: 'plain', assets: { red: file('B4'), nir: file('B5') } })
  const search = { collections: ['a'], datetime: '2026-11' }
  const run = async (event: JsonObject) => {
    const desk = new Desk()
    const reply = await sweep({ search, ...event }, servicesOf(paging([plain], 50), desk), never)
    return { orders: desk.orders, reply }
  }

  it('filters them by default', async () => {
    const { reply, orders } = await run({})
    assert.match(reply.filtered[0]?.reason ?? '', /^no CID/)
    assert.equal(orders.length, 0)
  })

  it('fingerprints them where it says so, and computes them too', async () => {
    const { orders, reply } = await run({ do: ['fingerprint'] })
    assert.deepEqual([reply.submitted, orders.map(({ kind }) => kind)], [1, ['fingerprint']])
    const both = await run({ do: ['fingerprint', 'ndvi'], mask: ['snow'], bbox: [1, 2, 3, 4] })
    const [order] = both.orders
    assert.ok(order?.kind === 'fingerprint')
    assert.deepEqual(order.next?.[0]?.request.bbox, [1, 2, 3, 4])
    assert.deepEqual(order.request.item, plain)
  })

  it('is refused as a whole for fields that are of nothing that is done', async () => {
    await assert.rejects(run({ do: ['fingerprint'], mask: ['snow'] }), { code: 'invalid_request' })
    await assert.rejects(run({ do: ['other'] }), { code: 'invalid_request' })
  })
})

describe('a sweep', () => {
  it('submits one job for every scene of every page, with the schedule’s own fields', async () => {
    const desk = new Desk()
    const api = paging(scenes(130), 50)
    const reply = await sweep(eventOf('scheduler'), servicesOf(api, desk), never)
    assert.deepEqual(reply, {
      datetime: '2023-07-08T06:00:00.000Z/2023-07-24T06:00:00.000Z',
      found: 130,
      submitted: 130,
      known: 0,
      filtered: [],
      more: false,
      behind: 0,
    })
    assert.equal(api.asked.length, 3)
    assert.equal(at(api.asked[0]?.body, 'datetime'), reply.datetime)
    assert.equal(desk.jobs, 130)
    for (const order of desk.orders) {
      assert.ok(order.kind === undefined)
      const { request, pin } = order
      assert.deepEqual(request.mask, ['dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow'])
      assert.equal(pin, true)
      assert.equal(request.search, undefined)
    }
  })

  it('that overlaps another makes no job twice', async () => {
    const desk = new Desk()
    const sweepOf = async (items: readonly JsonObject[]) =>
      sweep(eventOf('scheduler'), servicesOf(paging(items, 50), desk), never)
    await Promise.all([sweepOf(scenes(60)), sweepOf(scenes(60, 30))])
    assert.equal(desk.jobs, 90)
  })

  it('counts as known what has its result', async () => {
    const desk = new Desk()
    const sweepOf = async (items: readonly JsonObject[]) =>
      sweep(eventOf('scheduler'), servicesOf(paging(items, 50), desk), never)
    await sweepOf(scenes(3))
    desk.finish('successful')
    const { found, submitted, known } = await sweepOf(scenes(5))
    assert.deepEqual([found, submitted, known], [5, 2, 3])
  })

  it('tells what it leaves out, and why', async () => {
    const items = [
      item({ id: 'LC08_L2SP_1_02_RT' }),
      item({ id: 'bare', assets: {} }),
      item({ id: 's0' }),
      { type: 'Feature', assets: {} },
    ]
    const desk = new Desk()
    const reply = await sweep(eventOf('scheduler'), servicesOf(paging(items, 2), desk), never)
    assert.deepEqual([reply.found, reply.submitted], [4, 1])
    const [realTime, bare, nameless] = reply.filtered
    assert.match(realTime?.reason ?? '', /^real-time tier/)
    assert.match(bare?.reason ?? '', /^cannot be used: .*no asset for red/)
    assert.match(nameless?.reason ?? '', /no id/)
    assert.deepEqual(
      reply.filtered.map(({ id }) => id),
      ['LC08_L2SP_1_02_RT', 'bare', 'an item without id'],
    )
  })

  it('takes an item that is on two pages once', async () => {
    const desk = new Desk()
    const api = paging([...scenes(3), ...scenes(2)], 2)
    const { found } = await sweep(eventOf('scheduler'), servicesOf(api, desk), never)
    assert.equal(found, 3)
    assert.equal(desk.orders.length, 3)
  })

  it('leaves alone what failed before, and says so', async () => {
    const desk = new Desk()
    const once = async () =>
      sweep(eventOf('scheduler'), servicesOf(paging(scenes(1), 2), desk), never)
    await once()
    desk.finish('failed')
    assert.deepEqual((await once()).filtered, [{ id: 's0', reason: 'job job-0 failed' }])
  })

  it('of more pages than it looks at says that there are more', async () => {
    const desk = new Desk()
    const api = paging(scenes(205), 2)
    const { found, more } = await sweep(eventOf('scheduler'), servicesOf(api, desk), never)
    assert.deepEqual([found, more], [200, true])
    assert.equal(desk.lines.at(-1)?.level, 'warn')
  })
})

describe('what a sweep leaves', () => {
  const day = (number: number) => ({
    ...eventOf('scheduler'),
    time: `2023-07-${String(number).padStart(2, '0')}T06:00:00Z`,
  })
  /** An API that has more in the first times than one sweep reads, and forgets its ways on when it is told to. */
  function busyApi() {
    const state = { forgets: false }
    const api = new ScriptedApi(({ body }) => {
      const datetime = String(at(body, 'datetime'))
      const start = Number(at(body, 'token') ?? 0)
      if (start > 0 && state.forgets) return new GreenprintError('search_failed', 'no such token')
      const count = datetime.includes('/2023-07-20') ? 205 : 3
      const all = scenes(count).map((each) => ({
        ...each,
        id: `${datetime.slice(-20)} ${String(Object(each).id)}`,
      }))
      const body2 = { token: start + 1 }
      const next = { href: `${API}/search`, method: 'POST', merge: true, body: body2 }
      return page(all.slice(start, start + 1), start + 1 < count ? next : null)
    })
    return { api, state }
  }

  it('is taken up by the next one, which says so when none is left', async () => {
    const desk = new Desk()
    const { api } = busyApi()
    const services = servicesOf(api, desk)
    const first = await sweep(day(20), services, never)
    assert.deepEqual([first.found, first.more, first.behind], [100, true, 1])
    const second = await sweep(day(21), services, never)
    assert.deepEqual([second.found, second.more, second.behind], [100, true, 2])
    const third = await sweep(day(22), services, never)
    assert.deepEqual([third.found, third.more, third.behind], [5 + 3 + 3, false, 0])
    assert.equal(desk.jobs, 205 + 3 + 3)
    assert.deepEqual((await sweep(day(23), services, never)).found, 3)
  })

  it('is begun again where the API forgot the way on', async () => {
    const desk = new Desk()
    const { api, state } = busyApi()
    const services = servicesOf(api, desk)
    await sweep(day(20), services, never)
    state.forgets = true
    await assert.rejects(sweep(day(21), services, never), { code: 'search_failed' })
    state.forgets = false
    const again = await sweep(day(21), services, never)
    assert.deepEqual([again.found, again.behind], [100, 2])
  })

  it('is an error in the log when three sweeps in a row have left something', async () => {
    const desk = new Desk()
    const endless = new ScriptedApi(({ body }) => {
      const token = Number(at(body, 'token') ?? 0)
      const next = {
        href: `${API}/search`,
        method: 'POST',
        merge: true,
        body: { token: token + 1 },
      }
      return page(scenes(1, token), next)
    })
    const services = servicesOf(endless, desk)
    for (const number of [20, 21, 22]) await sweep(day(number), services, never)
    assert.deepEqual(
      desk.lines.map(({ level }) => level),
      ['warn', 'warn', 'error'],
    )
  })
})

describe('where not all can be submitted', () => {
  const failing = (desk: Desk): SweepServices['submit'] => {
    return (order, signal) =>
      typeof order.request.item === 'object' && order.request.item.id === 's1'
        ? Promise.reject(new GreenprintError('store_failed', 'The store is away.'))
        : desk.submit(order, signal)
  }

  it('the others are, and then the sweep fails, naming each', async () => {
    const desk = new Desk()
    const services = { ...servicesOf(paging(scenes(5), 2), desk), submit: failing(desk) }
    await assert.rejects(sweep(eventOf('scheduler'), services, never), (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'store_failed')
      assert.match(error.message, /^1 of 5 scenes/)
      assert.deepEqual(error.details, ['s1: The store is away.'])
      return true
    })
    assert.equal(desk.jobs, 4)
    assert.equal(desk.lines.at(-1)?.level, 'error')
  })

  it('a sweep out of time ends at once', async () => {
    const desk = new Desk()
    const time = new AbortController()
    const submit: SweepServices['submit'] = async (order, signal) => {
      const submission = await desk.submit(order, signal)
      if (desk.jobs >= 3) time.abort(new GreenprintError('deadline_exceeded', 'Time is up.'))
      return submission
    }
    const api = paging(scenes(500), 50)
    const services = { ...servicesOf(api, desk), submit }
    await assert.rejects(sweep(eventOf('scheduler'), services, time.signal), {
      code: 'deadline_exceeded',
    })
    assert.equal(api.asked.length, 1)
  })
})

it('a sweep whose time ends within its last page tells what it did not come to', async () => {
  const desk = new Desk()
  const time = new AbortController()
  const submit: SweepServices['submit'] = async (order, signal) => {
    signal.throwIfAborted()
    const submission = await desk.submit(order, signal)
    if (desk.jobs >= 3) time.abort(new GreenprintError('deadline_exceeded', 'Time is up.'))
    return submission
  }
  const services = { ...servicesOf(paging(scenes(20), 50), desk), submit }
  await assert.rejects(sweep(eventOf('scheduler'), services, time.signal), (error) => {
    assert.ok(error instanceof GreenprintError)
    assert.equal(error.code, 'deadline_exceeded')
    assert.match(error.message, /^\d+ of 20 scenes could not be submitted/)
    assert.equal(error.details.at(-1), 's19: Time is up.')
    return true
  })
  assert.equal(desk.lines.at(-1)?.level, 'error')
})

it('an API that fails is told as such', async () => {
  const api = new ScriptedApi([new GreenprintError('search_failed', 'HTTP 503')])
  await assert.rejects(sweep(eventOf('scheduler'), servicesOf(api, new Desk()), never), {
    code: 'search_failed',
  })
})

describe('a page of large items', () => {
  it('is read in turns: nobody else who asks this process waits for all of it', async () => {
    const assets = Object.fromEntries(
      Array.from({ length: 500 }, (_, band) => [
        `band${band}`,
        { href: `https://f.example/${band}` },
      ]),
    )
    const large = scenes(50).map((scene) => ({
      ...scene,
      assets: { ...object(scene['assets']), ...assets },
    }))
    const desk = new Desk()
    const services = servicesOf(paging(large, 50), desk)
    const { value, milliseconds } = await longestTurn(() =>
      sweep(eventOf('scheduler'), services, never),
    )
    assert.deepEqual([value.found, value.submitted], [50, 50])
    assert.ok(milliseconds < 60, `${milliseconds} ms`)
  })
})
