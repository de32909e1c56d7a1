// What became of a published result: who holds it, and from whom it could be retrieved.

import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { type Cid, parseCid } from '../ipld/cid.ts'
import type { PublicationRecord } from '../model/result.ts'
import { checkRetrieval, neverPublished } from '../publish/retrieval.ts'
import type { AppServices } from '../services.ts'
import { requireToken } from './auth.ts'
import { LightResponse } from './light/response.ts'

export interface PublicationReply extends PublicationRecord {
  readonly root: string
}

/** @throws {GreenprintError} `invalid_request` for a text that is not a CID, `not_found`, `store_failed` */
export async function answerPublication(
  root: string,
  services: AppServices,
  signal: AbortSignal,
): Promise<Response> {
  const name = readRoot(root).toString()
  const record = await services.publications.get(name, signal)
  if (record === null) throw neverPublished(name)
  return reply(name, record)
}

/** Looks now. @throws {GreenprintError} as `checkRetrieval`, and `unauthorized` without a token */
export async function answerCheck(
  root: string,
  authorization: string | undefined,
  services: AppServices,
  config: Config,
  signal: AbortSignal,
): Promise<Response> {
  requireToken('publishing', authorization, config)
  const cid = readRoot(root)
  return reply(cid.toString(), await checkRetrieval(cid, services.retrieval, signal))
}

function reply(root: string, record: PublicationRecord): Response {
  const body: PublicationReply = { root, ...record }
  return LightResponse.json(body, { headers: { 'cache-control': 'no-store' } })
}

function readRoot(text: string): Cid {
  try {
    return parseCid(text).toV1()
  } catch (cause) {
    const message = `"${text.slice(0, 100)}" is not the CID of a published directory.`
    throw new GreenprintError('invalid_request', message, { cause })
  }
}
