// GET / and /docs: the page for browsers; for machines, where everything is.

import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { Context } from 'hono'
import type { Config } from '../../config/config.ts'
import { GreenprintError } from '../../errors.ts'
import { softwareLine } from '../../software.ts'
import { negotiate } from '../accept.ts'
import { callerOf } from '../caller.ts'
import { LightHeaders } from '../light/headers.ts'
import { LightResponse } from '../light/response.ts'
import type { AppEnv } from '../observe.ts'
import { pageFile } from './page-files.ts'
import { securityPolicy } from './security-policy.ts'

/** The body of `GET /` as JSON. */
export interface Landing {
  readonly title: string
  readonly software: string
  readonly links: readonly {
    readonly rel: string
    readonly href: string
    readonly type: string
    readonly title: string
  }[]
}

/** Five minutes: a deployment's page changes with its version. */
const PAGE_CACHE = 'public, max-age=300'
/** The name of a file changes with its bytes. */
const FILE_CACHE = 'public, max-age=31536000, immutable'

/** @throws {GreenprintError} `not_found` where the page was not built */
export async function answerRoot(c: Context<AppEnv>, config: Config): Promise<Response> {
  const offers = ['application/json', 'text/html']
  const kind = negotiate(c.req.header('accept') ?? null, offers, 'offers')
  const headers = { vary: 'Accept', 'cache-control': PAGE_CACHE }
  if (kind !== 'text/html')
    return LightResponse.json(landing(callerOf(c, config).base), { headers })
  const response = await answerPage('index.html', config)
  response.headers.set('vary', 'Accept')
  return response
}

/** @throws {GreenprintError} `not_found` where the page was not built */
export async function answerPage(
  name: 'index.html' | 'docs.html',
  config: Config,
): Promise<Response> {
  const file = await pageFile(name)
  if (file === null) throw notBuilt()
  const text = new TextDecoder().decode(file.body)
  const ground = config.baseMapUrl
  const told = ground === null ? '' : `<meta name="base-map" content="${escaped(ground)}">`
  return new LightResponse(text.replace('</head>', `${told}</head>`), {
    headers: {
      'content-type': file.type,
      'content-security-policy': securityPolicy(config),
      'cache-control': PAGE_CACHE,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'permissions-policy': 'camera=(), microphone=(), payment=()',
    },
  })
}

/** @throws {GreenprintError} `not_found` */
export async function answerPageFile(name: string, request: Request): Promise<Response> {
  const file = await pageFile(name)
  if (file === null || !file.isPacked) {
    const shown = JSON.stringify(name.slice(0, 80))
    throw new GreenprintError('not_found', `The page has no file ${shown}.`)
  }
  const headers = new LightHeaders({
    'content-type': file.type,
    'cache-control': FILE_CACHE,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  })
  const takesBrotli = negotiate(request.headers.get('accept-encoding'), ['br'], 'offers') !== null
  if (!takesBrotli) return new LightResponse(await unpack(file.body), { headers })
  headers.set('content-encoding', 'br')
  return new LightResponse(file.body, { headers })
}

async function unpack(body: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(brotliDecompress)(body))
}

function landing(base: string): Landing {
  const link = (rel: string, path: string, type: string, title: string) => ({
    rel,
    href: `${base}${path}`,
    type,
    title,
  })
  return {
    title: 'Greenprint: NDVI with a fingerprint',
    software: softwareLine,
    links: [
      link('self', '/', 'application/json', 'This document'),
      link('alternate', '/', 'text/html', 'The page'),
      link(
        'service-desc',
        '/openapi.json',
        'application/vnd.oai.openapi+json;version=3.1',
        'The API',
      ),
      link('service-doc', '/docs', 'text/html', 'The API, to read'),
      link('health', '/health', 'application/json', 'Version and configuration'),
    ],
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

function notBuilt(): GreenprintError {
  return new GreenprintError(
    'not_found',
    'The page was not built: `npm run build:page` makes it. The API is told by /openapi.json.',
  )
}
