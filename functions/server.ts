// The same doors behind one HTTP server, for a container or a machine that answers strangers: the API, its jobs (of
// this process, or of the queue that QUEUE_URL names), and events at /_events/notify and /_events/schedule.

import { systemClock } from '../lib/async/clock.ts'
import { SERVER } from '../lib/config/config.ts'
import { contentRoute } from '../lib/http/content/local-content.ts'
import { logRefusal } from '../lib/http/refused-line.ts'
import { serverEvents } from '../lib/http/server-events.ts'
import { serverGuard } from '../lib/http/server-guard.ts'
import type { RecordHandler } from '../lib/jobs/consume-queue.ts'
import { createGatewayServer } from '../lib/local/api-gateway.ts'
import { firstRoute } from '../lib/local/routes.ts'
import { endServer, listenEverywhere, untilToldToEnd } from '../lib/local/server-process.ts'
import { createLog } from '../lib/log.ts'
import { workAsServer } from '../lib/worker.ts'

const EVENTS = '/_events'

// Before the doors read their configuration, which is one for all of them.
process.env[SERVER] = 'true'
const { app, config, handler, openServices } = await import('./api.ts')
const services = await openServices()
const worker = await import('./worker.ts')
const notify = await import('./notify.ts')
const schedule = await import('./schedule.ts')

const end = untilToldToEnd()
const log = createLog(config)
const events = serverEvents({ notify: notify.handler, schedule: schedule.handler }, EVENTS, log)
const content = contentRoute(() => app)
const server = createGatewayServer({
  invoke: handler,
  guard: serverGuard(config, EVENTS),
  localRoute: firstRoute(events, content),
  refused: (refusal) => logRefusal(log, refusal),
  // As infra/functions.ts has them: what takes longer goes on as a job.
  timeoutMs: 29_000,
  clock: systemClock,
})
const port = await listenEverywhere(server, config.port)
log('info', { event: 'listening', port })

const work: RecordHandler = (event, context) => worker.handler(event, { ...context, gone: end })
const working = workAsServer(config, services, { handler: work, log }, end)
end.addEventListener('abort', () => {
  log('info', { event: 'ending' })
  void endServer(server, working)
    .then(() => services.settle())
    .then(() => process.exit())
})
