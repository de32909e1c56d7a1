// `npm start`: the same handler on this machine, behind real API Gateway payloads; it computes the sample first.

import { systemClock } from '../lib/async/clock.ts'
import { once } from '../lib/async/once.ts'
import { contentRoute } from '../lib/http/content/local-content.ts'
import { localGuard } from '../lib/http/local-guard.ts'
import { createGatewayServer, listen } from '../lib/local/api-gateway.ts'
import type { Consumer } from '../lib/local/queue.ts'
import { createReport } from '../lib/local/report.ts'
import { firstRoute, handlerRoutes } from '../lib/local/routes.ts'
import { unlimited } from '../lib/model/run.ts'
import { computeNdvi } from '../lib/pipeline.ts'
import { sampleRequest } from '../lib/sample/sample.ts'
import { workLocally } from '../lib/worker.ts'

const eventRoutes = handlerRoutes({
  notify: async (event, context) => (await import('./notify.ts')).handler(event, context),
  schedule: async (event, context) => (await import('./schedule.ts')).handler(event, context),
})
const api = once(() => import('./api.ts'))
const content = contentRoute(async () => (await api()).app)
const report = createReport(process.stdout)
const server = createGatewayServer({
  invoke: async (event, context) => (await api()).handler(event, context),
  guard: localGuard(async () => (await api()).config.publicUrl),
  localRoute: firstRoute(eventRoutes, content),
  refused: report.fault,
  timeoutMs: 29_000, // As the API function has in sst.config.ts.
  clock: systemClock,
})
const forever = new AbortController().signal
try {
  const port = await listen(server, Number(process.env['PORT'] ?? 8080))
  process.env['PORT'] = String(port) // For the configuration: by default this is its own gateway.
  const { openServices, config } = await api()
  const services = await openServices()
  const work: Consumer = async (...batch) => (await import('./worker.ts')).handler(...batch)
  void workLocally(config, services, work, forever)
  report.start(`http://127.0.0.1:${port}`)
  const order = { request: await sampleRequest(), pin: true }
  const run = { fresh: true, tell: report.tell, ...unlimited }
  report.finish(await computeNdvi(order, services, run, forever))
  await Promise.all([services.settle(), import('../lib/http/tiles.ts')])
} catch (error) {
  report.fail(error)
  process.exitCode = 1
}
if (process.argv.includes('--once') || process.exitCode === 1) server.close(() => process.exit())
else report.serving()
