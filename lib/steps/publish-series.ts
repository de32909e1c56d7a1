// The directory of a finished series at the publishers, as that of any result.

import type { Series } from '../model/series.ts'
import { type Publishing, publishResult, type Wish } from '../publish/publish-result.ts'

/**
 * Publishers that hold it already are not asked again.
 *
 * @throws {GreenprintError} `store_failed`
 */
export async function publishSeries(
  series: Series,
  wish: Pick<Wish, 'by'>,
  services: Publishing,
  signal: AbortSignal,
): Promise<Series> {
  const { id, root, assets, warnings } = series
  if (root === null) return series
  // Of many scenes: it goes by its own name.
  const item = { id: `series ${id}`, collection: null, datetime: null, href: null, chosen: '' }
  const result = { id, cached: true, item, root, assets, publications: [], warnings }
  const told = await publishResult(result, wish, services, signal)
  return { ...series, publications: told.publications, warnings: told.warnings }
}

/** With what is known of its publications by now. */
export async function tellPublished(
  series: Series,
  { publications }: Pick<Publishing, 'publications'>,
  signal: AbortSignal,
): Promise<Series> {
  const known = series.root === null ? null : await publications.get(series.root, signal)
  return { ...series, publications: known?.publications ?? [] }
}
