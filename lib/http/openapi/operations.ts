// The table of all operations. A route that is added in lib/http/app.ts is added here: a test compares the two.

import * as z from '../../request/zod.ts'
import { changeOperations } from './change.ts'
import { compositeOperations } from './composite.ts'
import { contentOperations } from './content.ts'
import { fingerprintOperations } from './fingerprint.ts'
import { healthOperations } from './health.ts'
import { jobOperations } from './jobs.ts'
import { ndviOperations } from './ndvi.ts'
import type { Operation } from './operation.ts'
import { pageOperations } from './page.ts'
import { pointOperations } from './point.ts'
import { publicationOperations } from './publications.ts'
import { receiptOperations } from './receipts.ts'
import { resultOperations } from './results.ts'
import { sceneOperations } from './scenes.ts'
import { seriesOperations } from './series.ts'
import { stacOperations } from './stac.ts'
import { tileOperations } from './tiles.ts'
import { verifyOperations } from './verify.ts'

const openApi: Operation = {
  method: 'get',
  path: '/openapi.json',
  id: 'getOpenApi',
  summary: 'This description',
  replies: {
    200: {
      description: 'OpenAPI 3.1',
      content: { 'application/json': z.looseObject({ openapi: z.string() }) },
    },
  },
  problems: [],
}

export const operations: readonly Operation[] = [
  ...ndviOperations,
  ...changeOperations,
  ...compositeOperations,
  ...sceneOperations,
  ...tileOperations,
  ...pointOperations,
  ...fingerprintOperations,
  ...verifyOperations,
  ...seriesOperations,
  ...jobOperations,
  ...publicationOperations,
  ...resultOperations,
  ...receiptOperations,
  ...stacOperations,
  ...contentOperations,
  ...healthOperations,
  ...pageOperations,
  openApi,
]
