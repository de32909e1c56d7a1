// Whether a store does what records of jobs, results and publications rest on: writes under a condition.

import type { ObjectStore } from './objects.ts'

/** Of what is left for it, for a while. */
const KEY = 'visitors/conditions.json'

/**
 * Some services that speak the protocol of S3 take any write, whatever its condition: two workers would do one job, and
 * each would lose what the other notes.
 *
 * @throws {GreenprintError} `store_failed`
 */
export async function heedsConditions(
  objects: Pick<ObjectStore, 'put'>,
  signal: AbortSignal,
): Promise<boolean> {
  const body = new TextEncoder().encode('{}')
  const put = async (condition: { readonly ifMatch?: string; readonly ifNoneMatch?: '*' }) => {
    const options = { contentType: 'application/json', ...condition }
    return objects.put(KEY, body, options, signal)
  }
  await put({})
  const refused = [
    await put({ ifNoneMatch: '*' }),
    await put({ ifMatch: '"00000000000000000000000000000000"' }),
  ]
  return refused.every(({ written }) => !written)
}
