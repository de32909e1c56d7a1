// The modules behind the routes, each loaded with the first request that wants it: a cold /health waits for none.

import { once } from '../async/once.ts'

/** Asked again, `import()` asks the loader anew, which takes a tenth of a small reply's time. */
export const load = {
  catalogue: once(() => import('./stac/answer.ts')),
  change: once(() => import('./change.ts')),
  composite: once(() => import('./composite.ts')),
  content: once(() => import('./content/answer.ts')),
  contentHeaders: once(() => import('./content/headers.ts')),
  deepHealth: once(() => import('./deep-health.ts')),
  fingerprint: once(() => import('./fingerprint.ts')),
  jobs: once(() => import('./jobs.ts')),
  ndvi: once(() => import('./ndvi.ts')),
  openapiDocument: once(() => import('./openapi/document.ts')),
  pageServePage: once(() => import('./page/serve-page.ts')),
  point: once(() => import('./point.ts')),
  publications: once(() => import('./publications.ts')),
  receipts: once(() => import('./receipts.ts')),
  results: once(() => import('./results.ts')),
  scenes: once(() => import('./scenes.ts')),
  series: once(() => import('./series.ts')),
  stacLanding: once(() => import('./stac/landing.ts')),
  tiles: once(() => import('./tiles.ts')),
  timeLimit: once(() => import('./time-limit.ts')),
  verify: once(() => import('./verify.ts')),
} as const
