// A whole Greenprint in this process: the real handler behind real API Gateway payloads, its store in a folder of its own.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../lib/config.ts'
import { createApp } from '../../lib/http/app.ts'
import { createHandler } from '../../lib/http/lambda.ts'
import { createGatewayServer, listen } from '../../lib/local/api-gateway.ts'
import { systemClock } from '../../lib/net/clock.ts'
import { type AppServices, createServices } from '../../lib/services.ts'

export interface TestSystem {
  readonly base: string
  readonly services: AppServices
  /** POST /ndvi */
  ndvi(body: object, headers?: Readonly<Record<string, string>>): Promise<Response>
  close(): Promise<void>
}

/** @param env what differs from an empty environment */
export async function startSystem(env: Readonly<Record<string, string>>): Promise<TestSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const config = readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'http://greenprint.test', ...env })
  const services = createServices(config)
  const handler = createHandler(createApp(services, config))
  const server = createGatewayServer({
    invoke: handler,
    aside: () => null,
    timeoutMs: 29_000,
    clock: systemClock,
  })
  const base = `http://127.0.0.1:${await listen(server, 0)}`
  return {
    base,
    services,
    ndvi: (body, headers = {}) =>
      fetch(`${base}/ndvi`, { method: 'POST', body: JSON.stringify(body), headers }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
