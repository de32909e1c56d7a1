// GET /results/{root}/sources.json: where a result's bands can be read, as POST /verify takes it.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { isCid, parseCid } from '../ipld/cid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { BandSource, ResultSources } from '../model/result-sources.ts'
import type { AppServices } from '../services.ts'
import { callerOf } from './caller.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'

export interface SourcesReply extends Omit<ResultSources, 'bands'> {
  readonly bands: Readonly<
    Record<
      string,
      BandSource & {
        /** Address of its DAG without leaves; null where it was not fingerprinted here. */
        readonly outboard: string | null
      }
    >
  >
  /** A body for `POST /verify`, of any deployment. */
  readonly verify: {
    readonly cid: string
    readonly copies: Readonly<Record<string, readonly string[]>>
    readonly outboards: readonly string[]
  }
}

/** @throws {GreenprintError} `not_found`, `store_failed` */
export async function answerSources(
  c: Context<AppEnv>,
  text: string,
  { beside, fingerprints }: Pick<AppServices, 'beside' | 'fingerprints'>,
  config: Config,
  signal: AbortSignal,
): Promise<Response> {
  const root = isCid(text) ? parseCid(text).toString() : null
  const record = root === null ? null : await beside.get(root, 'sources', signal)
  if (root === null || record === null) {
    throw new GreenprintError('not_found', 'No result of this root was made here, or not lately.')
  }
  const { base } = callerOf(c, config)
  const bands: Record<string, SourcesReply['bands'][string]> = {}
  for (const [name, band] of Object.entries(readBands(record))) {
    const isKnown = band.path === '' && (await fingerprints.byCid(parseCid(band.cid), signal))
    const outboard = isKnown ? `${base}/fingerprints/${band.cid}.car` : null
    bands[name] = { ...band, outboard }
  }
  const named = Object.entries(bands)
  const reply: SourcesReply = {
    root,
    bands,
    verify: {
      cid: root,
      copies: Object.fromEntries(named.map(([name, { copies }]) => [name, copies])),
      outboards: named.flatMap(([, { outboard }]) => outboard ?? []),
    },
  }
  return LightResponse.json(reply)
}

/** Written here only, by steps/keep-beside. */
function readBands({ bands }: JsonObject): ResultSources['bands'] {
  const told = Object.entries(isJsonObject(bands) ? bands : {})
  const sources = told.flatMap(([name, band]) => (isSource(band) ? [[name, band] as const] : []))
  return Object.fromEntries(sources)
}

function isSource(band: unknown): band is BandSource {
  return isJsonObject(band) && typeof band['cid'] === 'string' && Array.isArray(band['copies'])
}
