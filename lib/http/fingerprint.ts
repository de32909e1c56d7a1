// POST /fingerprint, and GET /fingerprints/<cid>[.car]: CIDs for files that have none, and what is kept of them.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { fingerprintItem } from '../fingerprint.ts'
import { isCid, parseCid } from '../ipld/cid.ts'
import type { FingerprintOrder } from '../model/fingerprint-request.ts'
import { readFingerprintBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { requireToken } from './auth.ts'
import { callerOf } from './caller.ts'
import { crossSite } from './cross-site.ts'
import { fingerprintReply } from './fingerprint-reply.ts'
import { LightResponse } from './light/response.ts'
import { nowOrLater } from './now-or-later.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { MOST_READING_MS } from './time-limit.ts'

export async function answerFingerprint(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  const { authorization, token, base, wantsFresh } = caller
  if (caller.isForeign) throw crossSite()
  requireToken('fingerprints', authorization, config)
  const { request, pin = true } = readFingerprintBody(parseBody(await c.req.text()))
  const order: FingerprintOrder = {
    kind: 'fingerprint',
    request,
    pin,
    ...(token === null ? {} : { by: token }),
  }
  const waits = { canWait: true, hasWays: false }
  return nowOrLater(c, order, waits, caller, { services, config }, async (signal) => {
    const mostMs = services.queue === null ? Infinity : MOST_READING_MS
    const run = { fresh: wantsFresh, tell: c.get('times').tell, mostMs }
    const result = await fingerprintItem(order, services, run, signal)
    c.get('findings').result = result
    return LightResponse.json(fingerprintReply(result, base))
  })
}

/**
 * The record of a file that was fingerprinted here, or its outboard as a CAR.
 *
 * @throws {GreenprintError} `not_found`, `store_failed`
 */
export async function answerFingerprintRecord(
  c: Context<AppEnv>,
  name: string,
  { fingerprints }: Pick<AppServices, 'fingerprints'>,
  config: Config,
  signal: AbortSignal,
): Promise<Response> {
  const [, text = name, extension] = /^(.*?)(\.car)?$/.exec(name) ?? []
  const record = isCid(text) ? await fingerprints.byCid(parseCid(text), signal) : null
  if (record === null) {
    throw new GreenprintError(
      'not_found',
      `No file with the CID ${text.slice(0, 80)} was fingerprinted here.`,
    )
  }
  if (extension === undefined) {
    const { base } = callerOf(c, config)
    const outboard = `${base}/fingerprints/${record.cid}.car`
    return LightResponse.json({ ...record, outboard })
  }
  const car = await fingerprints.outboardCar(parseCid(text), signal)
  if (car === null) {
    throw new GreenprintError('store_failed', `The store lost the outboard of ${record.cid}.`)
  }
  return new LightResponse(car, {
    headers: {
      'content-type': 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
      'content-disposition': `attachment; filename="${record.cid}.car"`,
      'cache-control': 'public, max-age=29030400, immutable',
      etag: `"${record.cid}.outboard"`,
      'x-content-type-options': 'nosniff',
    },
  })
}
