// Every fault of a gateway, alone and beside a good one: never a wrong byte, never silence, never a long wait.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { createGateway, type GatewayTimes } from '../../../lib/ipfs/gateway.ts'
import { Prefetcher } from '../../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import {
  type Fault,
  type FaultyGateway,
  faults,
  startFaultyGateway,
} from '../../harness/faulty-gateway.ts'
import { startGateway } from '../../harness/gateway.ts'

const signal = new AbortController().signal
/** Long enough for a good answer of a busy machine. */
const times: GatewayTimes = { firstByteMs: 3_000, stallMs: 1_500, totalMs: 5_000 }
/** No speed is claimed here, only that nothing hangs: all time-outs of one request, a second try, a busy machine. */
const MOST_MS = 20_000

const memory = new MemoryBlocks()
const bytes = noise(1_200_000)
const cid = await memory.add(bytes)
const good = await startGateway(memory)
after(() => good.close())
const http = createHttp({ allowedHosts: [], allowPrivate: true })

/** Reads the whole file, as the deployed system is wired. */
async function read(urls: readonly string[]) {
  const gateways = urls.map((url) =>
    createGateway({ url, headers: {} }, http, systemClock, { times }),
  )
  const network = new BlockRace(gateways, systemClock)
  const prefetcher = new Prefetcher(gateways, network, systemClock)
  const blocks = createBlocks({ own: [], network, prefetcher, cacheBytes: 0 })
  const reading = new ReadSession()
  const file = await openFile(cid, blocks, reading, signal, { front: () => 65_536 })
  const [whole] = await file.readAll([{ offset: 0, length: file.size }], signal)
  return { whole, sources: Object.keys(reading.ledger.totals.sources) }
}

/** What the one line of an error must say. A dagger: a hash cannot tell how the bytes came to be wrong. */
const reasons: Readonly<Record<Fault, RegExp | 'serves'>> = {
  'hangs before headers': /^no answer within 3000 ms$/,
  'stalls in the body': /^stalled for 1500 ms$/,
  'drips a byte every 200 ms': /^not finished within 5000 ms$/,
  'flips one bit': /^answered 248 bytes that do not hash to the CID$/,
  'sends the block of another CID': /^answered 262158 bytes that do not hash to the CID$/,
  'is cut short of its content-length': /^connection closed early$/,
  'is cut short, no length announced': /^answered 124 bytes that do not hash to the CID$/,
  'announces 50 MB': /^body larger than 2097152 bytes$/,
  'streams 50 MB unannounced': /^body larger than 2097152 bytes$/,
  'compresses (gzip)': 'serves',
  'is a gzip bomb': /^body larger than 2097152 bytes$/,
  'redirects to itself for ever': /^too many redirects$/,
  'redirects to a good gateway': 'serves',
  'answers 404': /^HTTP 404$/,
  'answers 410': /^HTTP 410$/,
  'answers 412': /^HTTP 412$/,
  'answers 429, Retry-After in seconds': /^HTTP 429$/,
  'answers 429, Retry-After as a date': /^HTTP 429$/,
  'answers 500': /^HTTP 500$/,
  'answers 502': /^HTTP 502$/,
  'answers 503': /^HTTP 503$/,
  'answers 504': /^HTTP 504$/,
  'answers 200 with a web page': /^answered 56 bytes that do not hash to the CID/,
  'resets before headers': /^connection (reset|closed early)$/,
  'resets in the body': /^connection (reset|closed early)$/,
  'has no address (DNS)': /^host name not found \(DNS\)$/,
  'speaks no TLS': /^TLS failure$/,
  'refuses connections': /^connection refused$/,
}

interface Row {
  alone: string
  aloneMs: number
  besideMs: number
  asked: number
}

const table = new Map<Fault, Row>()
for (const fault of faults) table.set(fault, { alone: '', aloneMs: 0, besideMs: 0, asked: 0 })

async function withFaulty(
  fault: Fault,
  test: (bad: FaultyGateway, row: Row) => Promise<void>,
): Promise<void> {
  const bad = await startFaultyGateway(fault, memory, good.url)
  const row = table.get(fault)
  assert.ok(row)
  try {
    await test(bad, row)
  } finally {
    await bad.close()
  }
}

describe('a gateway alone that', { concurrency: 8 }, () => {
  for (const fault of faults) {
    const expected = reasons[fault]
    const outcome = expected === 'serves' ? 'is read from' : 'is named with the reason, in time'
    it(`${fault} ${outcome}`, () =>
      withFaulty(fault, async (bad, row) => {
        const started = performance.now()
        const outcome = await read([bad.url]).catch((error: unknown) => error)
        row.aloneMs = performance.now() - started
        if (expected === 'serves') {
          assert.ok(!(outcome instanceof Error), String(outcome))
          row.alone = 'serves'
          return
        }
        assert.ok(outcome instanceof GreenprintError, String(outcome))
        const oversized = expected.source.includes('larger')
        assert.equal(outcome.code, oversized ? 'content_unusable' : 'content_unavailable')
        assert.ok(outcome.message.includes(cid.toString()), outcome.message)
        assert.equal(outcome.details.length, 1, outcome.details.join('\n'))
        const [line = ''] = outcome.details
        assert.ok(line.startsWith(`${bad.url}: `), line)
        row.alone = line.slice(bad.url.length + 2)
        assert.match(row.alone, expected)
        assert.ok(row.aloneMs < MOST_MS, `${row.aloneMs} ms`)
      }))
  }
})

describe('a gateway beside a good one that', { concurrency: 4 }, () => {
  for (const fault of faults) {
    it(`${fault} costs requests and time at most`, () =>
      withFaulty(fault, async (bad, row) => {
        const started = performance.now()
        const { whole, sources } = await read([bad.url, good.url])
        row.besideMs = performance.now() - started
        row.asked = bad.asked.filter((path) => !path.includes('format=car')).length
        assert.ok(Buffer.from(whole ?? []).equals(bytes))
        if (reasons[fault] === 'serves') assert.ok(sources.includes(bad.url))
        else assert.deepEqual(sources, [good.url])
        assert.ok(row.besideMs < MOST_MS, `${row.besideMs} ms`)
      }))
  }
})

it('the table of faults', (t) => {
  const head = ['fault', 'alone: reason', 'ms', 'beside: ms', 'requests to it']
  const rows = [...table].map(([fault, { alone, aloneMs, besideMs, asked }]) =>
    [fault, alone, Math.round(aloneMs), Math.round(besideMs), asked].map(String),
  )
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, at) =>
      at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    )
    t.diagnostic(cells.join('  '))
  }
  assert.equal(rows.length, 28)
})
