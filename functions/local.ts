// `npm start`: the same handler on this machine, behind real API Gateway payloads; it computes the sample first.

import { createGatewayServer, listen } from '../lib/local/api-gateway.ts'
import { createReport } from '../lib/local/report.ts'
import { sampleItem, sampleRequest } from '../lib/local/sample.ts'
import { stacAside } from '../lib/local/stac-api.ts'
import { systemClock } from '../lib/net/clock.ts'
import { computeNdvi } from '../lib/pipeline.ts'

/** What sst.config.ts gives the API function. */
const TIMEOUT_MS = 29_000

const server = createGatewayServer({
  invoke: async (event, context) => (await import('./api.ts')).handler(event, context),
  aside: stacAside([await sampleItem()]),
  timeoutMs: TIMEOUT_MS,
  clock: systemClock,
})
const report = createReport(process.stdout)
let ends = process.argv.includes('--once')

try {
  const port = await listen(server, Number(process.env['PORT'] ?? 8080))
  // Before the configuration is read: by default this process is its own gateway.
  process.env['PORT'] = String(port)
  const { services } = await import('./api.ts')
  report.start(`http://127.0.0.1:${port}`)
  const run = { fresh: true, tell: report.tell }
  const forever = new AbortController().signal
  report.finish(await computeNdvi(await sampleRequest(), services, run, forever))
  await services.blocks.settle()
} catch (error) {
  report.fail(error)
  process.exitCode = 1
  ends = true
}
if (ends) server.close(() => process.exit())
else report.serving()
