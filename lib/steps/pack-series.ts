// The directory of a finished series, made once: who asks for the next page of a long one gets the same.

import type { Blocks } from '../ipfs/blocks.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { Series } from '../model/series.ts'
import { packDirectory } from '../publish/directory.ts'
import type { Publishing } from '../publish/publish-result.ts'
import { shelfFor } from '../publish/publisher.ts'
import type { SeriesRecords } from '../store/series-records.ts'
import { type KeptInputs, keptZones } from './keep-inputs.ts'
import { countedFiles } from './kept-file.ts'
import { writeSeries } from './series-files.ts'
import type { GroupState } from './series-rows.ts'

export interface PackingServices extends KeptInputs, Pick<Publishing, 'store' | 'publishers'> {
  readonly series: SeriesRecords
  /** What is here already. */
  readonly ownBlocks: Blocks
}

/** @throws {GreenprintError} `store_failed`, `content_unavailable` where what was counted is not kept any more */
export async function packSeries(
  series: Series,
  states: readonly GroupState[],
  services: PackingServices,
  signal: AbortSignal,
): Promise<Series> {
  const { record, rows } = series
  const { publish, ...told } = record
  // Rows follow from these, and are a hundred times as large.
  const counted = states.map((state) => (state.status === 'done' ? state.result.root : state))
  const madeOf = canonicalDigest({ ...told, counted })
  const packed = await services.series.packed(madeOf, signal)
  if (packed !== null) return { ...series, ...packed }
  const zones = await keptZones(record.request.zones, services, signal)
  const observations = countedFiles(states, services.ownBlocks)
  const files = await writeSeries(record, { rows, zones, observations })
  const shelf = shelfFor(publish !== undefined, services.publishers)
  const { root, assets } = await packDirectory(files, services.store, shelf, signal)
  const whole = { ...series, root: root.toString(), assets }
  await services.series.finish(whole, madeOf, signal)
  return whole
}
