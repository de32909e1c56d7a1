// GET /, /docs and /web/{name} as their callers see them.

import * as z from '../../request/zod.ts'
import type { Landing } from '../page/serve-page.ts'
import type { Operation } from './operation.ts'

const landingSchema: z.ZodType<Landing> = z
  .object({
    title: z.string(),
    software: z.string(),
    links: z.array(
      z.object({ rel: z.string(), href: z.string(), type: z.string(), title: z.string() }),
    ),
  })
  .meta({ id: 'Landing' })

export const pageOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/',
    id: 'getLanding',
    summary: 'The page; for machines, where everything is',
    replies: {
      200: {
        description: 'By `Accept`',
        content: { 'application/json': landingSchema, 'text/html': null },
      },
    },
    problems: ['not_found'],
  },
  {
    method: 'get',
    path: '/docs',
    id: 'getDocs',
    summary: 'This description, to read',
    replies: { 200: { description: 'A page', content: { 'text/html': null } } },
    problems: ['not_found'],
  },
  {
    method: 'get',
    path: '/web/{name}',
    id: 'getPageFile',
    summary: 'A file of the page',
    parameters: [
      { in: 'path', name: 'name', description: 'as the page names it', schema: z.string() },
    ],
    replies: {
      200: {
        description: 'The file; its name changes with its bytes',
        content: {
          'text/javascript': null,
          'text/css': null,
          'application/json': null,
          'image/svg+xml': null,
        },
      },
    },
    problems: ['not_found'],
  },
]
