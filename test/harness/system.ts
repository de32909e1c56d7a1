// A whole Greenprint in this process: the real handler behind real API Gateway payloads, its store in a folder of its
// own.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/async/clock.ts'
import { readConfig } from '../../lib/config/config.ts'
import { createApp } from '../../lib/http/app.ts'
import { contentRoute } from '../../lib/http/content/local-content.ts'
import { type ApiHandler, createHandler } from '../../lib/http/lambda.ts'
import { localGuard } from '../../lib/http/local-guard.ts'
import type { Observation } from '../../lib/http/observe.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import { createGatewayServer, listen } from '../../lib/local/api-gateway.ts'
import { createHttp, type Http } from '../../lib/net/http.ts'
import { type AppServices, createServices } from '../../lib/services.ts'
import { checkedHandler } from './openapi.ts'

export interface TestSystem {
  readonly base: string
  readonly services: AppServices
  /** Of its store, its caches and its scratch. */
  readonly dataDir: string
  /** What was logged. */
  readonly lines: readonly string[]
  /** What Lambda would call. */
  readonly handler: ApiHandler
  /** POST /ndvi, whatever comes back. */
  readonly post: (body: object, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** POST /ndvi, answered with 200. */
  readonly ndvi: (body: object, headers?: Readonly<Record<string, string>>) => Promise<NdviReply>
  /** POST /ndvi, answered with a problem. */
  readonly refused: (body: object, headers?: Readonly<Record<string, string>>) => Promise<Problem>
  readonly close: () => Promise<void>
}

/** What a test expects to be there; that it is, its assertions say. */
export async function json<T>(response: Response): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await response.json()) as T
}

/**
 * @param env what differs from an empty environment
 * @param net lookup of names, in a test whose names are nowhere else; or all of the network
 */
export async function startSystem(
  env: Readonly<Record<string, string>>,
  net?: LookupFunction | Http,
): Promise<TestSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const config = readConfig({
    DATA_DIR: dataDir,
    PUBLIC_URL: 'http://greenprint.test',
    // Where nobody answers: what is "this process" by default would be a local system that runs on this machine.
    PORT: '9',
    ...env,
  })
  const http = typeof net === 'object' ? net : createHttp(config.hosts, net)
  const services = createServices(config, http)
  const lines: string[] = []
  const observation: Observation = {
    write: (level, line) => void lines.push(JSON.stringify({ level, ...line })),
  }
  const app = createApp(async () => services, config, observation)
  const handler = checkedHandler(createHandler(app, config))
  const server = createGatewayServer({
    invoke: handler,
    // Deployed, every reply goes through Lambda.
    ...(config.local ? { guard: localGuard(async () => config.publicUrl) } : {}),
    localRoute: config.local ? contentRoute(() => app) : () => null,
    timeoutMs: 29_000,
    clock: systemClock,
  })
  const base = `http://127.0.0.1:${await listen(server, 0)}`
  const post: TestSystem['post'] = (body, headers = {}) =>
    fetch(`${base}/ndvi`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  return {
    base,
    services,
    dataDir: config.dataDir,
    lines,
    handler,
    post,
    async ndvi(body, headers) {
      const response = await post(body, headers)
      assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
      return json<NdviReply>(response)
    },
    async refused(body, headers) {
      const response = await post(body, headers)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      const problem = await json<Problem>(response)
      assert.equal(response.status, problem.status)
      return problem
    },
    async close() {
      server.closeAllConnections()
      await services.settle()
      await new Promise((resolve) => server.close(resolve))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
