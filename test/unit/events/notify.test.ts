// A whole event: each message to its own end, neighbours unharmed, failures where the queue looks for them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { type NoticeServices, notify } from '../../../lib/events/notify.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'
import { item } from '../stac/sample-items.ts'
import {
  BUCKET,
  batch,
  CATALOG,
  Desk,
  documentsOf,
  eventOf,
  inboxOf,
  printsOf,
} from './notice-context.ts'

const never = new AbortController().signal

function servicesOf(desk: Desk, fields: Partial<NoticeServices> = {}): NoticeServices {
  return {
    documents: documentsOf({}),
    catalogUrl: CATALOG,
    watch: null,
    noticeDo: ['ndvi'],
    fingerprints: printsOf(),
    inbox: null,
    submit: desk.submit,
    log: desk.log,
    ...fields,
  }
}

const named = (id: string) => item({ id })
const scenesOf = (desk: Desk) =>
  desk.orders.map(({ request: { item } }) => (typeof item === 'object' ? item.id : item))

describe('a batch of a queue', () => {
  it('with one poisoned message sends back that one and does the others', async () => {
    const desk = new Desk()
    const event = batch(named('a'), '{"type":', named('b'), { hello: 'world' }, named('c'))
    assert.deepEqual(await notify(event, servicesOf(desk), never), {
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }],
    })
    assert.deepEqual(scenesOf(desk), ['a', 'b', 'c'])
  })

  it('of filtered and ignored messages has no failure', async () => {
    const desk = new Desk()
    const test = { Event: 's3:TestEvent' }
    const event = batch(eventOf('body-cmr-granule'), test, eventOf('body-usgs-level-1'))
    assert.deepEqual(await notify(event, servicesOf(desk), never), { batchItemFailures: [] })
    assert.equal(desk.jobs, 0)
  })

  it('with the same scene twice makes one job', async () => {
    const desk = new Desk()
    await notify(batch(named('a'), named('a')), servicesOf(desk), never)
    assert.equal(desk.orders.length, 2)
    assert.equal(desk.jobs, 1)
  })

  it('tells a message that holds two broken notices once', async () => {
    const objects = {
      Records: [
        { eventName: 'ObjectCreated:Put', s3: {} },
        { eventName: 'ObjectCreated:Put', s3: {} },
      ],
    }
    assert.deepEqual(await notify(batch(objects), servicesOf(new Desk()), never), {
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    })
  })

  it('goes back message by message where jobs cannot be made', async () => {
    const desk = new Desk()
    const submit: NoticeServices['submit'] = (order, signal) =>
      typeof order.request.item === 'object' && order.request.item.id === 'b'
        ? Promise.reject(new GreenprintError('store_failed', 'The store is away.'))
        : desk.submit(order, signal)
    const event = batch(named('a'), named('b'), named('c'))
    assert.deepEqual(await notify(event, servicesOf(desk, { submit }), never), {
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    })
    assert.deepEqual(scenesOf(desk), ['a', 'c'])
  })

  it('goes back where a catalogue fails, which may pass', async () => {
    const url = `${CATALOG}/collections/landsat-c2l1/items/LC08_L1TP_001005_20230704_20230717_02_T1`
    const failing = new GreenprintError('item_unreachable', `${url} answered HTTP 503.`)
    const documents = documentsOf({ [url]: failing })
    const event = batch(eventOf('body-usgs-level-1'), named('a'))
    assert.deepEqual(await notify(event, servicesOf(new Desk(), { documents }), never), {
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    })
  })

  it('with an object of many items makes a job of each, and goes back where one is none', async () => {
    const features = [named('a'), named('b'), { ...named('c'), id: '' }, named('d')]
    const items = JSON.stringify({ type: 'FeatureCollection', features })
    const inbox = inboxOf({ 'incoming/items.json': items })
    const href = `s3://${BUCKET}/incoming/items.json`
    const desk = new Desk()
    const event = batch({ href }, named('e'))
    assert.deepEqual(await notify(event, servicesOf(desk, { inbox }), never), {
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    })
    assert.deepEqual(new Set(scenesOf(desk)), new Set(['a', 'b', 'd', 'e']))
    assert.equal(desk.lines.length, 5)
    desk.finish('successful')
    await notify(event, servicesOf(desk, { inbox }), never)
    assert.equal(desk.jobs, 4)
  })

  it('that runs out of time sends back what is not done', async () => {
    const desk = new Desk()
    const time = new AbortController()
    const submit: NoticeServices['submit'] = async (order, signal) => {
      const submission = await desk.submit(order, signal)
      if (desk.jobs >= 2) time.abort(new GreenprintError('deadline_exceeded', 'Time is up.'))
      return submission
    }
    const event = batch(...Array.from({ length: 10 }, (_, index) => named(`s${index}`)))
    const reply = await notify(event, servicesOf(desk, { submit }), time.signal)
    assert.ok('batchItemFailures' in reply)
    assert.equal(reply.batchItemFailures.length, 10 - desk.jobs)
    assert.ok(desk.jobs >= 2 && desk.jobs < 10)
  })
})

describe('an event without a queue', () => {
  it('is answered with what became of it', async () => {
    const desk = new Desk()
    assert.deepEqual(await notify(named('a'), servicesOf(desk), never), {
      outcomes: [{ outcome: 'submitted', scene: 'a', job: 'job-0', status: 'accepted' }],
    })
    desk.finish('successful')
    assert.deepEqual(await notify(named('a'), servicesOf(desk), never), {
      outcomes: [{ outcome: 'known', scene: 'a', job: 'job-0', status: 'successful' }],
    })
  })

  it('fails as a whole, so that its sender tries again, after all else was done', async () => {
    const desk = new Desk()
    const sns = (Message: string) => ({ EventSource: 'aws:sns', Sns: { Message } })
    const event = { Records: [sns('Hello'), sns(JSON.stringify(named('a')))] }
    await assert.rejects(notify(event, servicesOf(desk), never), /got the text "Hello"/)
    assert.deepEqual(scenesOf(desk), ['a'])
  })
})

it('one line is logged per message, with its reason', async () => {
  const desk = new Desk()
  await notify(
    batch(named('a'), 'poison', eventOf('body-cmr-granule'), { Event: 's3:TestEvent' }),
    servicesOf(desk),
    never,
  )
  const told = desk.lines.map(({ level, line }) => [level, line['message'], line['outcome']])
  assert.deepEqual(
    told.toSorted(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)),
    [
      ['info', 'm0', 'submitted'],
      ['error', 'm1', 'failed'],
      ['info', 'm2', 'filtered'],
      ['info', 'm3', 'ignored'],
    ],
  )
  for (const { line } of desk.lines) {
    assert.equal(line['event'], 'notice')
    if (line['outcome'] !== 'submitted') assert.match(String(line['reason']), /./)
  }
})

describe('a message of many items', () => {
  it('is read in turns: nobody else who asks this process waits for all of them', async () => {
    const assets = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`b${at}`, { href: `https://files.example/${at}` }]),
    )
    const features = Array.from({ length: 500 }, (_, at) => item({ id: `s${at}`, assets }))
    const href = 'https://stac.example/items'
    const documents = documentsOf({ [href]: { type: 'FeatureCollection', features } })
    const services = { ...servicesOf(new Desk(), { documents }), log: () => undefined }
    const { value, milliseconds } = await longestTurn(() => notify({ href }, services, never))
    assert.equal('outcomes' in value && value.outcomes.length, 500)
    assert.ok(milliseconds < 60, `${milliseconds} ms`)
  })
})
