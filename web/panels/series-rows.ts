// A series as it is read of the API, and its rows as a table.

import { h } from '../dom.ts'
import { ndvi, percent } from '../format.ts'
import type { Problem, Trust } from '../replies.ts'
import type { Point } from '../widgets/chart.ts'
import { trustMark } from '../widgets/chip.ts'

export interface Row {
  readonly date: string
  readonly scenes: readonly string[]
  readonly zone: string
  readonly mean: number | null
  readonly p25: number | null
  readonly p75: number | null
  readonly valid_percent: number | null
  readonly trust: Trust | null
  readonly problem?: Problem
}

export interface Series {
  readonly id: string
  readonly status: 'running' | 'successful'
  /** Of the observations: those that have ended, and of these the ones that failed. */
  readonly progress: { readonly done: number; readonly failed: number; readonly total: number }
  readonly zones: readonly { readonly id: string }[]
  /** Of one zone, where it was asked for. */
  readonly rows: readonly Row[]
  readonly left_out?: readonly unknown[]
  readonly warnings?: readonly string[]
  readonly request: {
    readonly search: Readonly<Record<string, unknown>>
    /** Null where it is the default: clouds, of a scene that tells of them. */
    readonly mask: readonly string[] | null
    readonly min_valid: number
  }
}

export interface RowPoint extends Point {
  readonly row: Row
}

/** What is drawn of a row; nothing of one that could not be read. */
export function pointOf(row: Row): RowPoint[] {
  const { date, mean, p25, p75, valid_percent: valid, problem } = row
  return problem === undefined ? [{ date, mean, low: p25, high: p75, valid: valid ?? 0, row }] : []
}

export function rowTable(rows: readonly Row[], leastValid: number): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'empty' }, 'No observation yet.')
  const read = rows.filter(({ problem }) => problem === undefined)
  const isCloudy = read.some(({ mean }) => mean === null)
  const isHidden = isCloudy && read.every(({ mean }) => mean === null)
  const names = ['date', 'mean', 'valid', 'trust']
  return h(
    'div',
    {},
    isHidden && h('p', { class: 'empty' }, `On no date is ${leastValid} % of the area valid.`),
    h(
      'table',
      { class: 'rows' },
      h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, ...rows.map(rowOf)),
    ),
    isCloudy &&
      h('p', { class: 'small faint' }, `–: less than ${leastValid} % of the area is valid.`),
  )
}

function rowOf({ date, mean, valid_percent: valid, trust, problem }: Row): HTMLElement {
  const day = h('th', { scope: 'row' }, date.slice(0, 10))
  if (problem !== undefined)
    return h('tr', {}, day, h('td', { colspan: 3, class: 'why' }, problem.detail))
  return h(
    'tr',
    {},
    day,
    h('td', {}, ndvi(mean)),
    h('td', {}, valid === null ? '–' : percent(Math.round(valid))),
    h('td', {}, trust === null ? '' : trustMark(trust)),
  )
}
