// One life of the deployed API: its cold start with /health, or with the sample, then the sample warm; and its memory.
// Beside it, in the same minute, the cold starts of two others: one does nothing, one has the libraries alone.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleRequest } from '../../lib/sample/sample.ts'
import { type Aws, startAws } from '../../test/harness/aws.ts'
import { gatewayEvent, httpAnswer } from '../../test/harness/gateway-events.ts'
import { type Lambda, type LambdaOptions, startLambda } from '../../test/harness/lambda.ts'
import { startDeployed } from '../../test/infra/unpacked.ts'

/** Milliseconds, but for `rss`: bytes. */
export interface Life {
  /** Of a function that does nothing. */
  readonly empty: number
  /** Of one that does what the first NDVI cannot do without, by the same libraries, up to its answer. */
  readonly libraries: number
  /** From the start of the process to the answer of its first request. */
  readonly health: number
  readonly firstNdvi: number
  /** With its figure alone. */
  readonly warmNdvi: number
  /** With all that is made where nothing is said: figure, GeoTIFF and item. */
  readonly warmWhole: number
  readonly rss: number
}

/** As large as the sample's figure. */
const PAGE = { width: 1146, height: 697 }

/** @param libraries folder of the bundled libraries.ts */
export async function measureLife(libraries: string): Promise<Life> {
  const empty = await startOfNothing()
  const aws = await startAws()
  try {
    const { environment } = aws
    const page = { body: JSON.stringify(PAGE) }
    const alone = await startOf({ task: libraries, handler: 'bundle.handler', environment }, page)
    const health = await withApi(aws, (api) => timed(api, gatewayEvent('/health')))
    return await withApi(aws, async (api) => {
      const request = await sampleRequest()
      const figure = ndviEvent({ ...request, outputs: ['figure'] })
      const firstNdvi = await timed(api, figure)
      const warmNdvi = await warm(api, figure)
      const warmWhole = await warm(api, ndviEvent(request))
      return {
        empty,
        libraries: alone,
        health,
        firstNdvi,
        warmNdvi,
        warmWhole,
        rss: residentBytes(api.pid),
      }
    })
  } finally {
    await aws.stop()
  }
}

function ndviEvent(request: object) {
  return gatewayEvent('/ndvi', {
    method: 'POST',
    // Computed again, not recalled.
    headers: { 'cache-control': 'no-cache', accept: 'image/png' },
    body: JSON.stringify(request),
  })
}

/** Milliseconds of the second time from here on. */
async function warm(api: Running, event: object): Promise<number> {
  await timed(api, event)
  const started = performance.now()
  await timed(api, event)
  return performance.now() - started
}

async function startOfNothing(): Promise<number> {
  const task = mkdtempSync(join(tmpdir(), 'empty-'))
  writeFileSync(
    join(task, 'index.mjs'),
    "export const handler = async () => ({ statusCode: 200, body: '{}' })\n",
  )
  const nothing = { task, handler: 'index.handler', environment: {} }
  return startOf(nothing, {}).finally(() => rmSync(task, { recursive: true }))
}

type Place = Pick<LambdaOptions, 'task' | 'handler' | 'environment'>

async function startOf(place: Place, event: object): Promise<number> {
  const started = performance.now()
  const lambda = await startLambda({ ...place, timeoutMs: 10_000, memoryMb: 1769 })
  return timed({ ...lambda, started }, event).finally(lambda.stop)
}

interface Running extends Lambda {
  readonly started: number
}

async function withApi<T>(aws: Aws, use: (api: Running) => Promise<T>): Promise<T> {
  const started = performance.now()
  const api = await startDeployed('Api', { environment: aws.environment })
  return use({ ...api, started }).finally(api.stop)
}

/** Milliseconds from the start of the process to this answer. */
async function timed(api: Running, event: object): Promise<number> {
  const { status, body } = httpAnswer(await api.invoke(event))
  if (status !== 200) throw new Error(`The API answered ${status}: ${body.toString()}`)
  return performance.now() - api.started
}

/** The most that the process ever held. */
function residentBytes(pid: number): number {
  const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) * 1024
}
