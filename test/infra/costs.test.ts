// What docs/deploy.md says that a stage costs, against what the stage may do.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import type { FunctionName } from '../../lib/config/variable.ts'
import { documentAt } from '../harness/markdown.ts'
import { deployed, itProves } from './deployed.ts'
import { everything } from './settings.ts'

/** Of arm64 in us-west-2, a GB-second. https://aws.amazon.com/lambda/pricing/ */
const PRICE = 0.0000133334
/** Of one, in USD. https://aws.amazon.com/s3/pricing/ */
const PUT = 0.000005
/** Of a month, in USD. https://aws.amazon.com/cloudwatch/pricing/ */
const ALARM = 0.1

const text = documentAt('docs/deploy.md').text
const plain = () => deployed('plain')

/** Cells of the row that begins so. */
function row(begin: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${begin}`))
  assert.ok(line !== undefined, begin)
  return line.split('|').map((cell) => cell.trim())
}

/** Of so many running for an hour. */
function hour(name: FunctionName, atOnce: number): number {
  return atOnce * (plain().lambda(name).memorySize / 1024) * 3600 * PRICE
}

function assertRow(begin: string, name: FunctionName, atOnce: number): void {
  const [, , told, usd = ''] = row(begin)
  assert.equal(Number(told), atOnce, begin)
  const digits = /\.(\d+)/.exec(usd)?.[1]?.length ?? 0
  assert.equal(usd, `${hour(name, atOnce).toFixed(digits)} USD`, begin)
}

const atOnceOf = (name: FunctionName) =>
  Object.values(plain().all('aws:lambda/eventSourceMapping:EventSourceMapping')).find(
    ({ functionName }) => functionName.includes(`${name}Function`),
  )?.scalingConfig.maximumConcurrency ?? 0

describe('the worst hour', () => {
  itProves('is that of the rate, the time and the memory which the API has', () => {
    const { throttlingRateLimit: rate = 0 } = Object(
      plain().one('aws:apigatewayv2/stage:Stage').defaultRouteSettings,
    )
    const seconds = plain().lambda('Api').timeout - 1
    const first = row('the API at')[1] ?? ''
    assert.match(first, new RegExp(`\`API_RATE\` ${rate} a second, each its ${seconds} s`))
    assertRow('the API at', 'Api', rate * seconds)
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: of a new account
    assertRow('the same in a new account', 'Api', 10)
    assertRow('the same with `API_CONCURRENCY=20`', 'Api', Number(everything.API_CONCURRENCY))
  })

  itProves('is that of as many as the queues are worked on by at once', () => {
    assertRow('the worker', 'Worker', atOnceOf('Worker'))
    assertRow('notices', 'Notify', atOnceOf('Notify'))
  })
})

describe('a whole tile', () => {
  /** Of the row that begins so: how often, and what it says that is, for the figure and with the GeoTIFF. */
  const told = (begin: string) => {
    const [, what = '', ...usd] = row(begin)
    const counts = /: ([\d.]+)(?: s)?, ([\d.]+)(?: s)?$/.exec(what)?.slice(1) ?? []
    return counts.map((count, at) => [Number(count), usd[at]] as const)
  }

  itProves('costs the time that its worker takes, before and now', () => {
    const gigabytes = plain().lambda('Worker').memorySize / 1024
    for (const begin of ['Lambda before', 'Lambda now']) {
      const rows = told(begin)
      assert.equal(rows.length, 2)
      for (const [seconds, usd] of rows) {
        assert.equal(usd, `${(seconds * gigabytes * PRICE).toFixed(4)} USD`, begin)
      }
    }
  })

  itProves('costs what it writes to S3, before and now', () => {
    for (const begin of ['writes to S3, ', 'writes to S3 now']) {
      const rows = told(begin)
      assert.equal(rows.length, 2)
      for (const [writes, usd] of rows) {
        const more = writes * PUT
        assert.ok(Math.abs(Number.parseFloat(usd ?? '') - more) <= 0.00005, `${usd} of ${more}`)
      }
    }
  })
})

describe('at rest', () => {
  itProves('a stage has as many alarms as it says', () => {
    const alarms = Object.keys(plain().all('aws:cloudwatch/metricAlarm:MetricAlarm')).length
    const [, told, usd] =
      /its (\d+) alarms ([\d.]+) USD each/.exec(text.replaceAll('\n', ' ')) ?? []
    assert.deepEqual([Number(told), Number(usd)], [alarms, ALARM])
  })
})
