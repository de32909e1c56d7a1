// What a cold start loads: whoever asks for /health waits for no schema, no pipeline, no SDK and no HTTP client.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gatewayEvent } from '../harness/gateway-events.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))

/** What Node loads with the first touch of `fetch`, `Request`, `Response` or `Headers`. */
const OWN_CLIENT = 'internal/deps/undici/undici'
/** Of Node, what takes milliseconds to load. */
const slow = [
  OWN_CLIENT,
  'crypto',
  'zlib',
  'http',
  'http2',
  'tls',
  'worker_threads',
  'fs/promises',
  'perf_hooks',
]

type Asked = readonly [event: object, status: number]

/** Packages, and modules of Node, that a door of functions/ loads in a process of its own, its events among it. */
async function loadedBy(door: string, ...asked: readonly Asked[]): Promise<Set<string>> {
  const script = `
    import { registerHooks } from 'node:module'
    const packages = new Set()
    registerHooks({
      load(url, context, next) {
        const name = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*\\/node_modules\\/)/.exec(url)?.[1]
        if (name !== undefined) packages.add(name)
        return next(url, context)
      },
    })
    const { handler } = await import('./functions/${door}.ts')
    for (const [event, status] of ${JSON.stringify(asked)}) {
      const { statusCode } = await handler(event, { getRemainingTimeInMillis: () => 10_000 })
      if (statusCode !== status) throw new Error(String(statusCode))
    }
    const own = process.moduleLoadList.map((name) => name.replace('NativeModule ', ''))
    console.log(JSON.stringify([...packages, ...own]))
  `
  const env = {
    AWS_LAMBDA_FUNCTION_NAME: 'cold',
    AWS_REGION: 'us-west-2',
    DATA_DIR: folder,
    S3_BUCKET: 'bucket',
  }
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env,
  })
  const names: string[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]')
  return new Set(names)
}

const heavy = ['zod', 'proj4', 'geotiff', 'sharp', 'stac-js', '@aws-sdk/client-s3', 'undici']

describe('a cold start', () => {
  it('of the API that answers /health loads the routes alone', async () => {
    const loaded = await loadedBy(
      'api',
      [gatewayEvent('/health'), 200],
      [gatewayEvent('/health', { method: 'HEAD' }), 200],
      [gatewayEvent('/nowhere'), 404],
      [gatewayEvent('/ndvi', { method: 'OPTIONS' }), 204],
    )
    assert.ok(loaded.has('hono') && loaded.has('path'))
    assert.deepEqual(
      [...heavy, 'multiformats', ...slow].filter((name) => loaded.has(name)),
      [],
    )
  })

  it('loads no HTTP client of Node, whatever it answers first', async () => {
    const loaded = await loadedBy(
      'api',
      [gatewayEvent('/ndvi', { method: 'TRACE' }), 405],
      [gatewayEvent('/fingerprint', { method: 'POST', body: '{}' }), 403],
      [gatewayEvent('/openapi.json', { headers: { 'accept-encoding': 'br' } }), 200],
    )
    assert.ok(loaded.has('path'))
    assert.ok(!loaded.has(OWN_CLIENT))
  })

  it('that only keeps it warm loads what an NDVI needs', async () => {
    const loaded = await loadedBy('api', [{ source: 'aws.events' }, 204])
    assert.ok(loaded.has('zod') && loaded.has('multiformats'))
  })

  it('that answers /openapi.json loads zod, and nothing of the pipeline', async () => {
    const loaded = await loadedBy('api', [gatewayEvent('/openapi.json'), 200])
    assert.deepEqual(
      heavy.filter((name) => loaded.has(name)),
      ['zod'],
    )
  })

  it('of the worker loads no schema of requests', async () => {
    const loaded = await loadedBy('worker')
    assert.ok(!loaded.has('zod'), [...loaded].join(' '))
  })
})
