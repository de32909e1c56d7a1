// A series as the API answers it: its rows, what was found, and where this deployment serves its files.

import type { Series, SeriesRow } from '../model/series.ts'
import { type AddressedFiles, addressed } from './reply.ts'

export interface SeriesReply
  extends Pick<Series, 'id' | 'status' | 'progress' | 'warnings' | 'publications'> {
  /** As it was reduced, without its zones. */
  readonly request: Omit<Series['record']['request'], 'zones'>
  readonly api: string
  readonly zones: readonly { readonly id: string }[]
  readonly rows: readonly SeriesRow[]
  /** Of all zones, where a part of the rows is answered. */
  readonly row_count: number
  readonly left_out: Series['record']['left_out']
  readonly links: readonly { readonly rel: string; readonly href: string }[]
  readonly root: AddressedFiles['root'] | null
  readonly assets: AddressedFiles['assets']
}

/** Which rows are answered. */
export interface RowWish {
  readonly zone: string | null
  readonly offset: number
}

/** A reply of Lambda has 6 MB, and a row about 600 bytes before it is packed. */
const MOST_ROWS = 5_000

/** @param base address of this deployment, without a trailing slash */
export function seriesReply(series: Series, wish: RowWish, base: string): SeriesReply {
  const { id, status, progress, record, warnings, root, assets, publications } = series
  const { request: asked, api, zones, left_out } = record
  const { zones: _, ...request } = asked
  const rows = rowsOf(series, wish)
  const shown = rows.slice(wish.offset, wish.offset + MOST_ROWS)
  const self = `${base}/series/${id}`
  const next = wish.offset + shown.length
  const zone = wish.zone === null ? '' : `zone=${encodeURIComponent(wish.zone)}&`
  return {
    id,
    status,
    progress,
    request,
    api,
    zones: zones.map((name) => ({ id: name })),
    rows: shown,
    row_count: rows.length,
    left_out,
    warnings,
    publications,
    links: [
      { rel: 'self', href: self },
      ...(next < rows.length ? [{ rel: 'next', href: `${self}?${zone}offset=${next}` }] : []),
    ],
    ...(root === null ? { root, assets: {} } : addressed({ root, assets }, base)),
  }
}

/** Of one zone, or of all; what is of no zone is of every one. */
export function rowsOf({ rows }: Series, { zone }: Pick<RowWish, 'zone'>): readonly SeriesRow[] {
  return zone === null ? rows : rows.filter((row) => row.zone === zone || row.zone === null)
}
