// 2,000 events out of shape: each message ends somewhere, and none takes the function down.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { unwrap } from '../../../lib/events/envelope.ts'
import { notify } from '../../../lib/events/notify.ts'
import { parseWatch } from '../../../lib/geo/watch-area.ts'
import { randomFrom } from '../../harness/random.ts'
import { fixture, item } from '../stac/sample-items.ts'
import { batch, CATALOG, Desk, documentsOf, eventOf, inboxOf, printsOf } from './notice-context.ts'

const EVENTS = 2_000
const names =
  'sns-to-lambda sns-to-sqs sns-to-sqs-raw s3 s3-in-sns s3-in-sqs s3-in-sns-in-sqs s3-test-in-sqs eventbridge-s3 eventbridge-s3-in-sqs eventbridge-scheduled body-request body-ingest-failed body-reference scheduler'
const files = names.split(' ').map(eventOf)
const rome = fixture('LC09_L1TP_191031_20220202_20220202_02_T1_stac.json')
const seeds = [...files, batch(rome, { record: rome }), batch(item()), { record: item() }, item()]

const texts =
  '||{|[]|{}|null|%|ipfs://|https://|s3://b|__proto__|\u0000|{"Records":[{"body":"{}"}]}'.split('|')
const junk: readonly unknown[] = [
  ...texts,
  'x'.repeat(9e4),
  'Qm'.padEnd(46, 'x'),
  null,
  true,
  0,
  -1,
  1e308,
  [],
  [[]],
  {},
  [null, {}],
  { type: 'Feature' },
  { Records: [null] },
]

/** The value with one place in it changed: replaced by junk, taken away, doubled or cut. */
function mutate(value: unknown, next: () => number): unknown {
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]
  const text = typeof value === 'string' && /^[{[]/.test(value) ? parsed(value) : undefined
  if (text !== undefined && next() < 0.8) return JSON.stringify(mutate(text, next))
  if (typeof value === 'string' && next() < 0.3) return value.slice(0, next() * value.length)
  if (typeof value !== 'object' || value === null || next() < 0.08) return pick(junk)
  if (Array.isArray(value)) {
    if (value.length === 0) return [pick(junk)]
    const at = Math.floor(next() * value.length)
    if (next() < 0.2) return [...value, value[at]]
    return value.map((inner, index) => (index === at ? mutate(inner, next) : inner))
  }
  const entries = Object.entries(value)
  const at = Math.floor(next() * entries.length)
  if (next() < 0.15) return Object.fromEntries(entries.toSpliced(at, 1))
  if (next() < 0.1) return { ...value, [String(pick(Object.keys(seeds[0] ?? {})))]: pick(junk) }
  return Object.fromEntries(
    entries.map(([key, inner], index) => [key, index === at ? mutate(inner, next) : inner]),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

it(`${EVENTS} mutated events end in jobs, reasons or failures of their own`, async (t) => {
  const random = randomFrom(20230723)
  const next = () => random.unit()
  const counts = new Map<string, number>()
  for (let i = 0; i < EVENTS; i++) {
    let event: unknown = seeds[i % seeds.length]
    for (let times = 1 + Math.floor(next() * 4); times > 0; times--) event = mutate(event, next)
    const desk = new Desk()
    const deliveries = unwrap(event)
    const services = {
      documents: documentsOf({ 'https://stac.example/item': item() }),
      catalogUrl: CATALOG,
      watch: i % 3 === 0 ? parseWatch('0,0,60,80') : null,
      noticeDo: i % 2 === 0 ? (['ndvi'] as const) : (['fingerprint', 'ndvi'] as const),
      fingerprints: printsOf(),
      inbox: inboxOf({ 'incoming/item.json': JSON.stringify(item()) }),
      submit: desk.submit,
      log: desk.log,
    }
    const queued = deliveries.every(({ messageId }) => messageId !== null)
    try {
      await notify(event, services, new AbortController().signal)
    } catch (error) {
      assert.ok(!queued && error instanceof GreenprintError, `${String(error)} of event ${i}`)
    }
    assert.equal(desk.lines.length, deliveries.length)
    for (const { line } of desk.lines) {
      assert.equal(line['stack'], undefined, `a bug, shown by event ${i}`)
      const outcome = String(line['outcome'])
      assert.ok(outcome === 'submitted' || String(line['reason']).length > 3, JSON.stringify(line))
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(counts)))
  for (const outcome of ['submitted', 'filtered', 'ignored', 'failed']) {
    assert.ok((counts.get(outcome) ?? 0) > 50, outcome)
  }
})
