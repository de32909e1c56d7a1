// The routes, and nothing else: each request and the one call that answers it.

import type { Context, MiddlewareHandler } from 'hono'
import { HonoBase } from 'hono/hono-base'
import { TrieRouter } from 'hono/router/trie-router'
import { getPath } from 'hono/utils/url'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import type { AppServices } from '../services.ts'
import { limited } from './body-limit.ts'
import { crossOrigin, preflight } from './cross-origin.ts'
import { answeringHead, requestOf } from './head.ts'
import { describeHealth } from './health.ts'
import { LightResponse } from './light/response.ts'
import { load } from './load-routes.ts'
import { isRouted, noRoute, UnroutableMethod } from './no-route.ts'
import { type AppEnv, type Observation, observe } from './observe.ts'
import { problemResponse } from './problem.ts'
import { routePath } from './route-path.ts'
import { singleParameters } from './single-parameters.ts'

type TimedWork = (services: AppServices, signal: AbortSignal) => Promise<Response>

/**
 * Schemas, the pipeline and the adapters load with the first request that wants them: a cold /health waits for none.
 *
 * @param open makes the services, or tells again those that it made
 */
export function createApp(
  open: () => Promise<AppServices>,
  config: Config,
  observation?: Observation,
): HonoBase<AppEnv> {
  // Ready at once: hono's own choice makes a pattern of all routes first, in 3 ms, to match in 1 microsecond less.
  const app = new HonoBase<AppEnv>({
    router: new TrieRouter(),
    getPath: (request) => routePath(getPath(request)),
  })
  const inTime = async (c: Context<AppEnv>, work: TimedWork): Promise<Response> => {
    const services = await open()
    const { withRequestLimit } = await load.timeLimit()
    return withRequestLimit(c.env, services, (signal) => work(services, signal))
  }
  app.use(observe(config, observation))
  app.use(crossOrigin(config))
  app.use(async (c, next) => {
    const { unreadable } = c.env
    if (unreadable instanceof UnroutableMethod)
      throw noRoute(unreadable.method, unreadable.path, app.routes)
    if (unreadable !== undefined && isRouted(c)) throw unreadable
    await next()
  })
  app.onError(problemResponse)
  app.use(preflight(app))
  app.use('/ipfs/*', async (c, next) => {
    await next()
    const { addContentHeaders } = await load.contentHeaders()
    addContentHeaders(c.res)
  })
  app.use(singleParameters)
  app.notFound((c) => {
    throw noRoute(requestOf(c).method, c.req.path, app.routes)
  })

  app.get('/health', async (c) => {
    if (!isDeep(c.req.query('deep'))) return LightResponse.json(describeHealth(config))
    const { answerDeepHealth } = await load.deepHealth()
    return answerDeepHealth(c, await open(), config)
  })

  app.on(['GET', 'POST'], '/ndvi', byAccept, limited, async (c) => {
    const { answerNdvi } = await load.ndvi()
    return answerNdvi(c, await open(), config)
  })

  app.post('/change', byAccept, limited, async (c) => {
    const { answerChange } = await load.change()
    return answerChange(c, await open(), config)
  })

  app.post('/composite', byAccept, limited, async (c) => {
    const { answerComposite } = await load.composite()
    return answerComposite(c, await open(), config)
  })

  app.on(['GET', 'POST'], '/scenes', limited, async (c) => {
    const { answerScenes } = await load.scenes()
    return answerScenes(c, await open(), config)
  })

  app.get('/tiles/:z/:x/:tile', async (c) => {
    const { answerTile } = await load.tiles()
    return answerTile(c, c.req.param(), await open(), config)
  })
  app.get('/point', async (c) => {
    const { answerPoint } = await load.point()
    return answerPoint(c, await open(), config)
  })
  app.get('/tilejson.json', async (c) => {
    const { answerTileJson } = await load.tiles()
    return answerTileJson(c, await open(), config)
  })
  app.get('/WMTSCapabilities.xml', async (c) => {
    const { answerWmts } = await load.tiles()
    return answerWmts(c, await open(), config)
  })

  app.post('/fingerprint', limited, async (c) => {
    const { answerFingerprint } = await load.fingerprint()
    return answerFingerprint(c, await open(), config)
  })

  app.post('/verify', limited, async (c) => {
    const { answerVerify } = await load.verify()
    return answerVerify(c, await open(), config)
  })

  app.get('/fingerprints/:name', async (c) => {
    const { answerFingerprintRecord } = await load.fingerprint()
    return inTime(c, (services, signal) =>
      answerFingerprintRecord(c, c.req.param('name'), services, config, signal),
    )
  })

  app.post('/series', limited, async (c) => {
    const { answerNewSeries } = await load.series()
    return answerNewSeries(c, await open(), config)
  })

  app.get('/series/:id', async (c) => {
    const { answerSeries } = await load.series()
    return answerSeries(c, c.req.param('id'), await open(), config)
  })

  app.on(['GET', 'DELETE'], '/jobs/:id', async (c) => {
    const { answerJob } = await load.jobs()
    return answerJob(c, c.req.param('id'), await open(), config)
  })

  app.get('/publications/:root', async (c) => {
    const { answerPublication } = await load.publications()
    return inTime(c, (services, signal) => answerPublication(c.req.param('root'), services, signal))
  })

  app.post('/publications/:root/checks', async (c) => {
    const { answerCheck } = await load.publications()
    return inTime(c, (services, signal) =>
      answerCheck(c.req.param('root'), c.req.header('authorization'), services, config, signal),
    )
  })

  app.get('/results/:root/sources.json', async (c) => {
    const { answerSources } = await load.results()
    return inTime(c, (services, signal) =>
      answerSources(c, c.req.param('root'), services, config, signal),
    )
  })

  app.get('/results/:root/receipt.json', async (c) => {
    const { answerReceipt } = await load.receipts()
    return inTime(c, (services, signal) => answerReceipt(c.req.param('root'), services, signal))
  })
  app.get('/.well-known/receipt-keys.json', async () => {
    const { answerReceiptKeys } = await load.receipts()
    return answerReceiptKeys(await open())
  })

  app.get('/stac/collections/:id/items/:item', async (c) => {
    const wanted = { collection: c.req.param('id'), id: c.req.param('item') }
    return (await load.catalogue()).answerItem(c, wanted, await open(), config)
  })
  app.get('/stac/collections/:id/items', async (c) =>
    (await load.catalogue()).answerItems(c, c.req.param('id'), await open(), config),
  )
  app.on(['GET', 'POST'], '/stac/search', limited, async (c) =>
    (await load.catalogue()).answerSearch(c, await open(), config),
  )
  app.get('/stac/api', async () => {
    const { openApiDocument } = await load.openapiDocument()
    const { OPENAPI_TYPE } = await load.stacLanding()
    return LightResponse.json(openApiDocument(), { headers: { 'content-type': OPENAPI_TYPE } })
  })
  const catalogueDocuments = [
    '/stac',
    '/stac/conformance',
    '/stac/queryables',
    '/stac/collections',
    '/stac/collections/:id',
    '/stac/collections/:id/queryables',
  ]
  app.on('GET', catalogueDocuments, async (c) =>
    (await load.catalogue()).answerDocument(c, await open(), config),
  )

  app.on(['GET', 'OPTIONS'], '/ipfs/:path{[\\s\\S]+}', async (c) => {
    const { answerContent } = await load.content()
    return answerContent(c, await open())
  })

  app.get('/openapi.json', async () => {
    const { openApiDocument } = await load.openapiDocument()
    return LightResponse.json(openApiDocument(), {
      headers: { 'cache-control': 'public, max-age=300' },
    })
  })

  app.get('/', async (c) => {
    const { answerRoot } = await load.pageServePage()
    return answerRoot(c, config)
  })
  app.get('/docs', async () => {
    const { answerPage } = await load.pageServePage()
    return answerPage('docs.html', config)
  })
  app.get('/web/:name', async (c) => {
    const { answerPageFile } = await load.pageServePage()
    return answerPageFile(c.req.param('name'), c.req.raw)
  })

  app.fetch = answeringHead(app.fetch)
  return app
}

/** Without `f`, `Accept` decides whether it is JSON or the figure. */
const byAccept: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  if (c.req.query('f') === undefined) c.res.headers.set('vary', 'Accept')
}

/** @throws {GreenprintError} `invalid_request` */
function isDeep(text: string | undefined): boolean {
  if (text === undefined || text === '1') return text === '1'
  throw new GreenprintError('invalid_request', 'deep must be 1, or left out.')
}
