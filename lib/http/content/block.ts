// One block as it is: `format=raw`.

import type { Cid } from '../../ipld/cid.ts'
import type { VerifiedBytes } from '../../model/bytes.ts'
import { LightResponse } from '../light/response.ts'
import { disposition, IMMUTABLE } from './headers.ts'
import { partOf, unsatisfiable } from './range.ts'
import type { Serving } from './serving.ts'

export function respondBlock(
  cid: Cid,
  block: VerifiedBytes,
  { request, query, headers, etag }: Serving,
): Response {
  const part = partOf(request, block.length, etag)
  if (part === null) return unsatisfiable(block.length)
  const all = {
    ...headers,
    ...part.headers,
    'cache-control': IMMUTABLE,
    'content-type': 'application/vnd.ipld.raw',
    'content-disposition': disposition(
      'attachment',
      query.get('filename') ?? `${cid.toString()}.bin`,
    ),
  }
  const body = request.method === 'HEAD' ? null : block.slice(part.start, part.end)
  return new LightResponse(body, { status: part.status, headers: all })
}
