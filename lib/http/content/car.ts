// Many blocks in one answer: `format=car`.

import { planCar } from '../../ipld/car-plan.ts'
import type { GetBlock } from '../../ipld/directory.ts'
import { LightResponse } from '../light/response.ts'
import type { Walked } from './content-path.ts'
import { bodyOf } from './delivery.ts'
import type { CarForm } from './format.ts'
import { disposition, IMMUTABLE } from './headers.ts'
import type { Serving } from './serving.ts'

/** @throws {GreenprintError} `too_large`, `invalid_request` for bytes that lie outside of the file */
export async function respondCar(
  { roots, nodes, end }: Walked,
  { scope, bytes, duplicates }: CarForm,
  get: GetBlock,
  { request, query, root, mostBytes, headers, signal }: Serving,
): Promise<Response> {
  // Nothing is found where a path leads nowhere: the header then names what was asked of.
  const top = end ?? roots.at(-1) ?? root
  const asked = { path: nodes, end, scope, bytes, duplicates }
  const advice = `One reply carries at most ${mostBytes}: ask for dag-scope=block, for entity-bytes, or for the blocks with format=raw.`
  const plan = await planCar(top, asked, get, { mostBytes, advice })
  const name = query.get('filename') ?? `${top.toString()}.car`
  const all = {
    ...headers,
    'accept-ranges': 'none',
    // That there is no such entry is as true tomorrow; a fault on the way to it is not told so.
    'cache-control': IMMUTABLE,
    'content-type': `application/vnd.ipld.car; version=1; order=dfs; dups=${duplicates ? 'y' : 'n'}`,
    'content-length': String(plan.size),
    'content-disposition': disposition('attachment', name),
  }
  const body = request.method === 'HEAD' ? null : await bodyOf(plan.size, plan.write(signal))
  return new LightResponse(body, { headers: all })
}
