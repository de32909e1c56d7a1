// A STAC API over a few items on a port of its own, for as long as the test file runs.

import type { JsonObject } from '../../lib/model/json.ts'
import { serve } from '../unit/net/loopback.ts'
import { stacApi } from './catalogue-hosts.ts'

/**
 * @param items whatever they are when it is asked
 * @param root of its paths, such as `/v1`
 * @returns its address, with the root
 */
export async function serveStac(items: () => readonly JsonObject[], root = ''): Promise<string> {
  const answer = stacApi(items, root)
  const origin = await serve((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    void answer(request, response, url, String)
  })
  return `${origin}${root}`
}
