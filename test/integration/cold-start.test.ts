// What a cold start loads: whoever asks for /health waits for no schema, no pipeline and no SDK.

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

/** Packages that a door of functions/ loads in a process of its own, the event (if any) among it. */
async function loadedBy(door: string, event?: object): Promise<Set<string>> {
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
    const event = ${JSON.stringify(event ?? null)}
    if (event !== null) {
      const { statusCode } = await handler(event, { getRemainingTimeInMillis: () => 10_000 })
      if (statusCode !== 200) throw new Error(String(statusCode))
    }
    console.log(JSON.stringify([...packages]))
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
    const loaded = await loadedBy('api', gatewayEvent('/health'))
    assert.ok(loaded.has('hono'))
    assert.deepEqual(
      heavy.filter((name) => loaded.has(name)),
      [],
    )
  })

  it('that answers /openapi.json loads zod, and nothing of the pipeline', async () => {
    const loaded = await loadedBy('api', gatewayEvent('/openapi.json'))
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
