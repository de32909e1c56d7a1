// Over time: the series of the drawn area, as a chart, rows and CSV.

import { ask } from '../api.ts'
import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { ndvi, percent } from '../format.ts'
import type { Problem, Trust } from '../replies.ts'
import { seriesRequest } from '../request.ts'
import { chart, type Point } from '../widgets/chart.ts'
import { trustMark } from '../widgets/chip.ts'
import { isGivenUp, problemBox } from '../widgets/problem-box.ts'
import { areaControls } from './area.ts'
import { type Choice, choose, enter } from './fields.ts'

interface Row {
  readonly date: string
  readonly scenes: readonly string[]
  readonly zone: string | number
  readonly mean: number | null
  readonly p25: number | null
  readonly p75: number | null
  readonly valid_percent: number | null
  readonly trust: Trust | null
  readonly problem?: Problem
}

interface Series {
  readonly id: string
  readonly status: 'running' | 'successful'
  /** Of the observations: those that have ended, and of these the ones that failed. */
  readonly progress: { readonly done: number; readonly failed: number; readonly total: number }
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

interface RowPoint extends Point {
  readonly row: Row
}

const PAUSE_MS = 1500
const intervals: readonly Choice[] = [
  ['', 'each observation'],
  ['P8D', '8 days'],
  ['P16D', '16 days'],
  ['P1M', 'a month'],
  ['P1Y', 'a year'],
]

/** @param dock where the chart stands, below the map */
export function timePanel(context: Context, dock: HTMLElement): Panel {
  const { store } = context
  const area = areaControls(context)
  const fields = [
    enter(context, 'collection', 'Collection', { placeholder: 'sentinel-2-c1-l2a' }),
    choose(context, 'interval', 'A value for', intervals),
    enter(context, 'from', 'From', { type: 'date' }),
    enter(context, 'to', 'To', { type: 'date' }),
  ]
  const start = h('button', { type: 'submit', class: 'main' }, 'Make the series')
  const form = h(
    'form',
    {},
    h('div', { class: 'grid2' }, ...fields.map((each) => each.element)),
    start,
  )
  const outcome = h('div', { 'aria-live': 'polite' })
  const element = h(
    'section',
    { 'aria-label': 'Over time' },
    h('h2', {}, 'Place'),
    area.element,
    h('h2', {}, 'Dates'),
    form,
    outcome,
  )
  let running = new AbortController()
  let shown: string | null = null

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void begin()
  })

  async function begin(): Promise<void> {
    if (store.get().area === null) {
      show(
        outcome,
        h('p', { class: 'fault', role: 'alert' }, 'Draw the area first: a series is of one place.'),
      )
      return
    }
    const signal = restart()
    show(outcome, h('p', { role: 'status' }, 'Searching for scenes …'))
    try {
      const { id } = await ask<Series>('/series', { body: seriesRequest(store.get()), signal })
      shown = id
      store.set({ series: id })
      await follow(id, signal)
    } catch (error) {
      fail(error, () => void begin())
    }
  }

  function restart(): AbortSignal {
    running.abort()
    running = new AbortController()
    return running.signal
  }

  /** Whoever has the address sees the series as far as it is. */
  async function follow(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const series = await ask<Series>(`/series/${id}`, { signal })
      draw(series)
      if (series.status !== 'running') return
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      signal.throwIfAborted()
    }
  }

  function fail(error: unknown, again: () => void): void {
    if (!isGivenUp(error)) show(outcome, problemBox(error, [{ label: 'Try again', act: again }]))
  }

  function draw({ id, status, rows, progress, request, warnings = [] }: Series): void {
    const { done, failed, total } = progress
    const waits = status === 'running'
    const link = (format: string) =>
      h(
        'a',
        { href: `series/${id}?f=${format}`, download: `series.${format}` },
        format.toUpperCase(),
      )
    show(
      outcome,
      waits && h('p', { role: 'status' }, `${done} of ${total} observations`),
      waits && h('progress', { max: total, value: done, 'aria-label': 'observations' }),
      h('div', { class: 'row' }, link('csv'), link('png'), link('svg')),
      ...warnings.map((line) => h('p', { class: 'warning' }, line)),
      failed > 0 &&
        h('p', { class: 'warning' }, `${failed} could not be read: their rows say why.`),
      table(rows, request.min_valid),
    )
    const points = rows.flatMap(pointOf)
    dock.hidden = points.length === 0 || store.get().tab !== 'time'
    show(dock, points.length > 0 && chart(points, openPoint))
    dock.dispatchEvent(new Event('resized'))
    function openPoint({ row, valid }: RowPoint): void {
      const [scene] = row.scenes
      if (scene === undefined) return
      // What the series set aside is set aside there, too.
      const mask = request.mask?.join(',') ?? (valid === 100 ? store.get().mask : 'clouds')
      const item = JSON.stringify({ search: { ...request.search, ids: [scene] } })
      store.set({ item, mask, other: null, tab: 'look' })
    }
  }

  return {
    element,
    update(state) {
      for (const each of [...fields, area]) each.update(state)
      const { series, tab } = state
      if (tab !== 'time') dock.hidden = true
      else if (dock.childElementCount > 0) dock.hidden = false
      if (series === null || series === shown || tab !== 'time') return
      shown = series
      follow(series, restart()).catch((error: unknown) => fail(error, () => void begin()))
    },
  }
}

function pointOf(row: Row): RowPoint[] {
  const { date, mean, p25, p75, valid_percent: valid, problem } = row
  return problem === undefined ? [{ date, mean, low: p25, high: p75, valid: valid ?? 0, row }] : []
}

function table(rows: readonly Row[], leastValid: number): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'empty' }, 'No observation yet.')
  const isCloudy = rows.some(({ mean, problem }) => mean === null && problem === undefined)
  const names = ['date', 'mean', 'valid', 'trust']
  return h(
    'div',
    {},
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
  const value = problem === undefined ? ndvi(mean) : problem.code
  return h(
    'tr',
    { title: problem?.detail },
    h('th', { scope: 'row' }, date.slice(0, 10)),
    h('td', {}, value),
    h('td', {}, valid === null ? '–' : percent(Math.round(valid))),
    h('td', {}, trust === null ? '' : trustMark(trust)),
  )
}
