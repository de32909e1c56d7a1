// A series as its record keeps it, and as it is answered.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { Series, SeriesRecord, SeriesRow } from '../model/series.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Zone } from '../model/zones.ts'
import { softwareLine } from '../software.ts'
import type { FoundObservations } from './find-observations.ts'
import type { ObservationGroup } from './group-observations.ts'
import type { GroupState } from './series-rows.ts'

/** Without its jobs. Its id follows from the request and from what was found: later scenes make another series. */
export function recordOfSeries(
  asked: SeriesRecord['request'],
  zones: readonly Zone[],
  { api, leftOut }: FoundObservations,
  groups: readonly ObservationGroup[],
): SeriesRecord {
  const request = unsignedJson(asked)
  const items = groups.flatMap(({ observations }) =>
    observations.flatMap(({ scenes }) =>
      scenes.map(({ item }) => canonicalDigest(unsignedJson(item.source))),
    ),
  )
  return {
    id: canonicalDigest({ kind: 'series', request, items, software: softwareLine }),
    request,
    zones: zones.map(({ id }) => id),
    api,
    groups: groups.map(({ group }) => ({ ...group, job: null })),
    left_out: unsignedJson(leftOut),
  }
}

/** Warnings that one reply tells; every scene may have its own. */
const MOST_WARNINGS = 50

export function describeSeries(
  record: SeriesRecord,
  states: readonly GroupState[],
  rows: readonly SeriesRow[],
): Series {
  const waiting = states.filter(({ status }) => status === 'waiting').length
  return {
    id: record.id,
    status: waiting === 0 ? 'successful' : 'running',
    progress: {
      done: states.length - waiting,
      failed: states.filter(({ status }) => status === 'failed').length,
      total: states.length,
    },
    record,
    rows,
    warnings: [...(waiting === 0 ? withoutPixels(record, states) : []), ...warningsOf(states)],
    root: null,
    assets: {},
    publications: [],
  }
}

/** Zones that one warning names. */
const MOST_NAMED = 10

/** Zones that no row will ever be of, for they hold no pixel's centre or lie beside all scenes. */
function withoutPixels({ zones }: SeriesRecord, states: readonly GroupState[]): string[] {
  const done = states.flatMap((state) => (state.status === 'done' ? [state.result] : []))
  const counted = new Set(done.flatMap(({ rows }) => rows.map(({ zone }) => zone)))
  const missing = zones.filter((zone) => !counted.has(zone))
  if (done.length === 0 || missing.length === 0) return []
  const rest = missing.length - MOST_NAMED
  const names = missing.slice(0, MOST_NAMED).map((zone) => JSON.stringify(zone.slice(0, 60)))
  const others = rest > 0 ? ` and ${rest} more` : ''
  return [
    `no scene that was counted has a pixel with its centre in ${names.join(', ')}${others}: give larger zones, or a search that finds scenes of them`,
  ]
}

/** Each once, with the first of the scenes that it is of and how many there are. */
function warningsOf(states: readonly GroupState[]): string[] {
  const scenes = new Map<string, string[]>()
  for (const state of states) {
    if (state.status !== 'done') continue
    const { warnings, item } = state.result
    for (const warning of warnings) scenes.set(warning, [...(scenes.get(warning) ?? []), item.id])
  }
  const told = [...scenes].map(([warning, ids]) => {
    const others = ids.length > 1 ? ` and ${ids.length - 1} more` : ''
    return `${ids[0]}${others}: ${warning}`
  })
  const rest = told.length - MOST_WARNINGS
  return rest > 0 ? [...told.slice(0, MOST_WARNINGS), `and ${rest} more warnings`] : told
}

/** Whether nothing will change any more: all that can be counted is, and what cannot never will. */
export function isComplete(states: readonly GroupState[]): boolean {
  return states.every(
    (state) => state.status !== 'waiting' && !(state.status === 'failed' && state.passes),
  )
}
