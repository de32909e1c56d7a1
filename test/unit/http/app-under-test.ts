// The routes over a store in a folder of its own, asked without a server in between.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Config, readConfig } from '../../../lib/config/config.ts'
import { createApp } from '../../../lib/http/app.ts'
import type { Problem } from '../../../lib/http/problem.ts'
import type { Bindings } from '../../../lib/http/time-limit.ts'
import { type AppServices, createServices } from '../../../lib/services.ts'
import { faultsOfResponse } from '../../harness/openapi.ts'

export interface AppUnderTest {
  readonly services: AppServices
  /** What was logged. */
  readonly lines: readonly string[]
  readonly config: Config
  /** Fails where the reply is not as /openapi.json says. */
  readonly ask: (path: string, init?: RequestInit, bindings?: Bindings) => Promise<Response>
}

/**
 * To be called where the test file begins: it is gone, with its folder, when the file is done. @param env what
 * differs from an empty environment
 */
export async function startApp(env: Readonly<Record<string, string>> = {}): Promise<AppUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
  after(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({
    DATA_DIR: dataDir,
    IPFS_GATEWAYS: 'http://127.0.0.1:9',
    PUBLIC_URL: 'https://ndvi.example',
    ...env,
  })
  const services = createServices(config)
  const lines: string[] = []
  const app = createApp(async () => services, config, {
    write: (level, line) => void lines.push(JSON.stringify({ level, ...line })),
  })
  return {
    services,
    config,
    lines,
    async ask(path, init, bindings = {}) {
      const response = await app.request(path, init, bindings)
      const { pathname } = new URL(path, 'http://localhost')
      assert.deepEqual(await faultsOfResponse(init?.method ?? 'GET', pathname, response), [])
      return response
    },
  }
}

/** The problem of an answer, after a look at what every problem has in common. */
export async function problemOf(response: Response): Promise<Problem> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its fields are asserted by the tests
  const problem = (await response.json()) as Problem
  assert.equal(problem.status, response.status)
  assert.ok(problem.detail.length > 0)
  return problem
}
