// Headers of requests that compute something.

import * as z from '../../request/zod.ts'
import type { Parameter } from './operation.ts'

export const computingHeaders: readonly Parameter[] = [
  {
    in: 'header',
    name: 'Prefer',
    description: '`respond-async` makes a job of the request',
    schema: z.string().optional(),
  },
  {
    in: 'header',
    name: 'Cache-Control',
    description: '`no-cache` computes a known result anew',
    schema: z.string().optional(),
  },
]
