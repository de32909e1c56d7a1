// Reads and checks the body of POST /series.

import { GreenprintError } from '../errors.ts'
import { areaOfBox } from '../geo/area.ts'
import { isJsonObject } from '../model/json.ts'
import type { Trust } from '../model/scene.ts'
import type { SeriesRequest } from '../model/series.ts'
import type { Zone } from '../model/zones.ts'
import { checked } from './read.ts'
import { readZones } from './read-zones.ts'
import { seriesSchema } from './series-schema.ts'

/** Zones of one series. */
const MOST_ZONES = 1_000

export interface AskedSeries {
  readonly request: SeriesRequest
  /** The least that is accepted. */
  readonly trust: Trust
  /** Whether to publish it once it is finished. */
  readonly pin: boolean
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault; `too_large` for more zones than are counted */
export async function readSeriesBody(body: unknown, signal: AbortSignal): Promise<AskedSeries> {
  requireFewZones(body)
  const asked = checked(seriesSchema, body)
  const { search, timeRange, interval, aggregationInterval, mask, assets, scale, trust } = asked
  const request: SeriesRequest = {
    search: timeRange === undefined ? search : { ...search, datetime: timeRange },
    zones: await zonesOf(asked, signal),
    ...(assets === undefined ? {} : { assets }),
    scale,
    mask: mask ?? null,
    interval: interval ?? aggregationInterval ?? null,
    reduce: asked.reduce ?? 'mean',
    min_valid: asked.min_valid,
  }
  return { request, trust, pin: asked.pin === true }
}

type Asked = ReturnType<typeof checked<typeof seriesSchema>>

async function zonesOf(
  { geometry, bbox, features }: Asked,
  signal: AbortSignal,
): Promise<readonly Zone[]> {
  if (features !== undefined) return readZones(features, signal)
  const area = geometry ?? (bbox === undefined ? undefined : areaOfBox(bbox))
  return area === undefined ? [] : [{ id: 'area', geometry: area }]
}

/** Before they are read: more of them are another request, not a fault of this one. */
function requireFewZones(body: unknown): void {
  if (!isJsonObject(body)) return
  const { features } = body
  const list = isJsonObject(features) ? features['features'] : features
  if (!Array.isArray(list) || list.length <= MOST_ZONES) return
  const parts = Math.ceil(list.length / MOST_ZONES)
  throw new GreenprintError(
    'too_large',
    `There are ${list.length} zones, and a series has at most ${MOST_ZONES}: ask in ${parts} requests, each with a part of the features.`,
  )
}
