// The rows of a series from what became of its groups.

import { leastOf } from '../model/scene.ts'
import type { SeriesGroup, SeriesProblem, SeriesRecord, SeriesRow } from '../model/series.ts'
import type { ZoneNumbers, ZoneRow, ZonesResult } from '../model/zones.ts'

/** What became of a group until now. */
export type GroupState =
  | { readonly status: 'waiting' }
  | { readonly status: 'empty' }
  | { readonly status: 'done'; readonly result: ZonesResult }
  | { readonly status: 'failed'; readonly problem: SeriesProblem; readonly passes: boolean }

const none: Omit<ZoneNumbers, 'valid_count' | 'total_count'> = {
  mean: null,
  stddev: null,
  minimum: null,
  maximum: null,
  p2: null,
  p25: null,
  median: null,
  p75: null,
  p98: null,
}

/** By date, then in the order of the zones; of a scene that could not be used one row that says why. */
export function seriesRows(
  { groups, zones, request }: Pick<SeriesRecord, 'groups' | 'zones' | 'request'>,
  states: readonly GroupState[],
): SeriesRow[] {
  return groups.flatMap((group, at) => rowsOf(group, states[at]!, zones, request))
}

function rowsOf(
  { date, datetime, interval, scenes, trust: known }: SeriesGroup,
  state: GroupState,
  zones: readonly string[],
  { min_valid, trust: accepted }: Pick<SeriesRecord['request'], 'min_valid' | 'trust'>,
): SeriesRow[] {
  const when = { date, datetime, interval }
  const nothing = {
    ...none,
    valid_count: 0,
    total_count: 0,
    valid_percent: 0,
    trust: null,
    root: null,
  }
  if (state.status === 'waiting') return []
  if (state.status === 'empty') {
    return zones.map((zone) => ({ ...when, zone, scenes: [], ...nothing }))
  }
  if (state.status === 'failed') {
    const ids = scenes.map(({ id }) => id)
    return [{ ...when, zone: null, scenes: ids, ...nothing, problem: state.problem }]
  }
  const { rows, root } = state.result
  // It may have been counted for another, whose items name CIDs. What became known since is so by a fingerprint, unless
  // none was accepted.
  const best = accepted === 'cid' ? 'cid' : 'fingerprint'
  const trust = known ?? leastOf([state.result.trust, best])
  return rows.map((row) => ({ ...when, ...withShare(row, min_valid), trust, root }))
}

function withShare(row: ZoneRow, minValid: number): ZoneRow & Pick<SeriesRow, 'valid_percent'> {
  const valid_percent = row.total_count === 0 ? 0 : (100 * row.valid_count) / row.total_count
  return { ...row, ...(valid_percent < minValid ? none : {}), valid_percent }
}
