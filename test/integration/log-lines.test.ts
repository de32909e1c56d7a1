// What the log of a deployment tells of a request: who asked, what it cost, and the part of each source, losers too.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { MemoryBlocks } from '../harness/blocks.ts'
import { metricsOf } from '../harness/emf.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { startSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
// Not the sample, whose blocks a deployment has itself.
const item = await sceneItem('l8-c2l1-corumba-before', blocks)
const fast = await startGateway(blocks)
const slow = await startGateway(blocks)
slow.latencyMs = 1_500
after(() => Promise.all([fast.close(), slow.close()]))
const onLambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-try-Api', MAX_PIXELS_SYNC: '1000000' }
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const XRAY = '1-67891233-abcdef012345678912345678'

/** A request of the scene through these gateways, in the order given, and all that was logged of it. */
async function linesOf(gateways: readonly { readonly url: string }[], headers = {}) {
  const IPFS_GATEWAYS = gateways.map(({ url }) => url).join(' ')
  const system = await startSystem({ ...onLambda, IPFS_GATEWAYS })
  try {
    const response = await system.post({ item, max_size: 200, outputs: ['item'] }, headers)
    assert.equal(response.status, 200, await response.text())
    const lines = system.lines.map((line) => JSON.parse(line))
    return { lines, line: lines.at(-1), response }
  } finally {
    await system.close()
  }
}

describe('the line of a request', () => {
  it('names the slow gateway, which was asked first and lost every race', async () => {
    const { line } = await linesOf([slow, fast])
    const late = line.sources[slow.url]
    assert.ok(late.requests > 0, JSON.stringify(line.sources))
    assert.equal(late.served, 0)
    // The others are CARs, which that gateway does not make.
    assert.ok(late.outrun > 0 && late.outrun + late.failed === late.requests, JSON.stringify(late))
    assert.equal(late.bytes, 0)
    // Until it lost it had not answered: at least as long as the hedge waits.
    assert.ok(late.max_ms >= 100 && late.p50_ms <= late.max_ms, JSON.stringify(late))
    const early = line.sources[fast.url]
    assert.ok(early.served > 0 && early.bytes > 10_000 && early.max_ms < late.max_ms + 1_000)
    assert.deepEqual(Object.keys(line.bands.red.sources), [fast.url])
  })

  it('counts what was asked by operator, as metrics that CloudWatch reads', async () => {
    const { lines, line } = await linesOf([slow, fast])
    const byOperator = new Map(
      lines
        .filter(({ event }) => event === 'source')
        .map((each) => [each.Operator, metricsOf(each)] as const),
    )
    assert.deepEqual(
      new Set(byOperator.keys()),
      new Set([slow, fast].map(({ url }) => new URL(url).host)),
    )
    const { Blocks, SourceBytes, Outrun, Latency } = byOperator.get(new URL(fast.url).host) ?? {}
    assert.equal(Blocks?.values[0], line.sources[fast.url].served)
    assert.equal(SourceBytes?.values[0], line.sources[fast.url].bytes)
    assert.deepEqual([Outrun?.values, Latency?.unit], [[0], 'Milliseconds'])
    assert.equal(
      byOperator.get(new URL(slow.url).host)?.['Outrun']?.values[0],
      line.sources[slow.url].outrun,
    )
  })

  it('has the times of its steps, its memory and its cold start, as metrics too', async () => {
    const { line } = await linesOf([fast])
    const metrics = metricsOf(line)
    assert.equal(metrics['Duration']?.values[0], line.ms)
    for (const step of ['scene', 'bands', 'ndvi', 'figure']) {
      const { values } = metrics[`Step${step[0]?.toUpperCase()}${step.slice(1)}`] ?? {}
      assert.deepEqual(values, [line.steps[step]], step)
    }
    assert.deepEqual(
      ['ColdStarts', 'CacheHits', 'HashMismatches'].map((name) => metrics[name]?.values[0]),
      [1, 0, 0],
    )
    assert.ok(line.memory_mb.now > 20 && line.memory_mb.peak >= line.memory_mb.now / 2)
    assert.deepEqual(metrics['Duration']?.dimensions, { FunctionName: 'greenprint-try-Api' })
    assert.equal(metrics['Duration']?.namespace, 'Greenprint')
  })

  it('counts bytes that do not hash to their CID', async () => {
    const liar = await startGateway(blocks, 'flip')
    try {
      const { line } = await linesOf([liar, fast])
      assert.ok(line.sources[liar.url].mismatched > 0)
      assert.ok((metricsOf(line)['HashMismatches']?.values[0] ?? 0) > 0)
    } finally {
      await liar.close()
    }
  })

  it('has the id of the invocation, which the reply has too, and the ids of who traces', async () => {
    const headers = {
      traceparent: TRACEPARENT,
      'x-amzn-trace-id': `Self=1-2;Root=${XRAY};Sampled=1`,
    }
    const { lines, response } = await linesOf([fast], headers)
    const id = response.headers.get('x-request-id')
    assert.match(id ?? '', /^[0-9a-f-]{36}$/)
    assert.ok(lines.length >= 2)
    for (const { requestId, traceparent, xray } of lines) {
      assert.deepEqual([requestId, traceparent, xray], [id, TRACEPARENT, XRAY])
    }
  })

  it('has no id of a trace that is not written as its norm has it', async () => {
    const headers = { traceparent: `${TRACEPARENT}"}`, 'x-amzn-trace-id': 'Root=<script>' }
    const { line } = await linesOf([fast], headers)
    assert.deepEqual([line.traceparent, line.xray], [undefined, undefined])
  })
})

it('lines are written to standard error as CloudWatch takes them: one write, a time, a level that it knows', async () => {
  const script = `
    const { readConfig } = await import('./lib/config/config.ts')
    const { createLog } = await import('./lib/log.ts')
    const log = createLog(readConfig({ IPFS_GATEWAYS: 'http://127.0.0.1:9' }))
    const write = process.stderr.write.bind(process.stderr)
    let writes = 0
    process.stderr.write = (text) => { writes++; return write(text) }
    for (const level of ['info', 'warn', 'error']) log(level, { event: 'a line\\nand no other' })
    process.stdout.write(String(writes))`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ])
  assert.equal(stdout, '3')
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['INFO', 'WARN', 'ERROR'],
  )
  for (const { timestamp } of lines) {
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
})
