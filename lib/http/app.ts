// The routes, and nothing else: what is asked, the one call that answers it, how the answer looks.

import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { bodyLimit } from 'hono/body-limit'
import type { Config } from '../config.ts'
import { GreenprintError } from '../errors.ts'
import { computeNdvi } from '../pipeline.ts'
import { type AskedNdvi, readNdviBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { mayPublish, requirePublishing, tokenName } from './auth.ts'
import { serveContent, serveFigure } from './content.ts'
import { checkSample, describeHealth } from './health.ts'
import { inTime } from './in-time.ts'
import { acceptJob, offerJob, prefersAsync, requireJobs, tellJob } from './jobs.ts'
import { type AppEnv, observe, type Observation } from './observe.ts'
import { problemResponse } from './problem.ts'
import { ndviReply } from './reply.ts'
import { readNdviQuery } from './request.ts'

const MAX_BODY = 1024 * 1024

export function createApp(
  services: AppServices,
  config: Config,
  observation?: Observation,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(observe(config, observation))
  app.use(async (c, next) => {
    if (c.env.unreadable !== undefined) throw c.env.unreadable
    await next()
  })
  app.onError((error) => problemResponse(error))
  app.notFound((c) => {
    throw noSuchRoute(c.req.method, c.req.path)
  })

  app.get('/health', async (c) => {
    if (c.req.query('deep') !== '1') return c.json(describeHealth(config))
    return inTime(c.env, services, async (signal) =>
      c.json(await checkSample(services, config, signal)),
    )
  })

  const limited = bodyLimit({
    maxSize: MAX_BODY,
    onError: () => {
      throw bodyTooLarge()
    },
  })
  app.post('/ndvi', limited, async (c) => {
    const asked = readNdviBody(parseBody(await c.req.text()))
    return answerNdvi(c, asked, asked.pin ?? mayPublish(c.req.header('authorization'), config))
  })
  app.get('/ndvi', (c) => {
    const asked = readNdviQuery(new URL(c.req.url).searchParams)
    return answerNdvi(c, asked, asked.pin ?? false)
  })

  app.get('/ipfs/:path{.+}', (c) =>
    inTime(c.env, services, (signal) =>
      serveContent(contentPath(c.req.url), c.req.raw, services.ownBlocks, signal),
    ),
  )

  app.get('/jobs/:id', (c) => {
    requireJobs(c.req.header('authorization'), config)
    return inTime(c.env, services, (signal) =>
      tellJob(c.req.param('id'), services, baseOf(c), signal),
    )
  })

  const baseOf = (c: Context) => config.publicUrl ?? new URL(c.req.url).origin

  async function answerNdvi(c: Context<AppEnv>, asked: AskedNdvi, pin: boolean): Promise<Response> {
    const authorization = c.req.header('authorization')
    const findings = c.get('findings')
    findings.token = tokenName(authorization, config.tokens)
    if (pin) requirePublishing(authorization, config)
    const png = wantsPng(c)
    const outputs =
      png && !asked.outputs.includes('figure')
        ? [...asked.outputs, 'figure' as const]
        : asked.outputs
    const request = { ...asked, outputs, pin }
    const fresh = /no-cache/i.test(c.req.header('cache-control') ?? '')
    const base = baseOf(c)
    if (prefersAsync(c.req.header('prefer'))) {
      requireJobs(authorization, config)
      // A preference: where there is no queue the answer itself is given.
      if (services.queue !== null) {
        return inTime(c.env, services, (signal) => acceptJob(request, services, base, signal))
      }
    }
    const answer = inTime(c.env, services, async (signal) => {
      const run = { fresh, tell: c.get('times').tell, by: findings.token }
      const result = await computeNdvi(request, services, run, signal)
      findings.result = result
      if (!png) return c.json(ndviReply(result, base))
      return serveFigure(result, base, services.ownBlocks, signal)
    })
    return answer.catch(async (error: unknown) => {
      throw await offerJob(error, request, authorization, services, config, base)
    })
  }

  return app
}

function wantsPng(c: Context): boolean {
  const format = c.req.query('f')
  if (format !== undefined && format !== 'png' && format !== 'json') {
    throw new GreenprintError('invalid_request', 'f is json or png.')
  }
  if (format !== undefined) return format === 'png'
  const supports = ['application/json', 'image/png']
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'image/png'
}

function contentPath(url: string): string {
  return new URL(url).pathname.slice('/ipfs/'.length)
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GreenprintError('invalid_request', 'The request body is not valid JSON.', { cause })
  }
}

function noSuchRoute(method: string, path: string): GreenprintError {
  const routes = 'GET or POST /ndvi, GET /jobs/<id>, GET /ipfs/<cid>, GET /health'
  return new GreenprintError(
    'not_found',
    `There is no ${method} ${path} here; there are ${routes}.`,
  )
}

function bodyTooLarge(): GreenprintError {
  return new GreenprintError(
    'too_large',
    `A request body has at most ${MAX_BODY} bytes; give the item by its URL.`,
  )
}
