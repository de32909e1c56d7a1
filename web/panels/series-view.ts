// A series on the page: how far it is, its zones to choose from, its files, the rows, and the chart below the map.

import { h, show } from '../dom.ts'
import type { Store } from '../store.ts'
import { type ChartSize, chart } from '../widgets/chart.ts'
import { pointOf, type RowPoint, rowTable, type Series } from './series-rows.ts'

const WIDEST = 900
const LOWEST = 110

export interface SeriesView {
  readonly element: HTMLElement
  /** @param zone whose rows these are; null for a series of one area */
  readonly draw: (series: Series, zone: string | null) => void
  readonly clear: () => void
}

/** @param dock where the chart stands */
export function seriesView(store: Store, dock: HTMLElement): SeriesView {
  const progress = h('div', {})
  const choice = h('div', {})
  const body = h('div', {})
  let drawn = ''
  let chosenOf: string | null = null

  function draw(series: Series, zone: string | null): void {
    const { id, status, rows, progress: counts, request, warnings = [] } = series
    show(progress, status === 'running' && progressOf(counts))
    // Looked at again, a series mostly is as it was: what a person reads of it, or has in focus, stays.
    const now = JSON.stringify([id, zone, rows, counts.failed, warnings])
    if (now === drawn) return
    drawn = now
    offerZones(series, zone)
    show(
      body,
      h('div', { class: 'row' }, ...linksOf(id, zone)),
      ...warnings.map((line) => h('p', { class: 'warning' }, line)),
      counts.failed > 0 &&
        h('p', { class: 'warning' }, `${counts.failed} could not be read: their rows say why.`),
      rowTable(rows, request.min_valid),
    )
    drawChart(series)
  }

  function drawChart({ rows, request }: Series): void {
    const points = rows.flatMap(pointOf)
    const isEmpty = points.every(({ mean }) => mean === null)
    dock.hidden = isEmpty || store.get().tab !== 'time'
    const focused = dock.querySelector(':focus')?.getAttribute('aria-label') ?? null
    show(dock, !isEmpty && chart(points, roomOf(dock), openPoint))
    dock.dispatchEvent(new Event('resized'))
    if (focused !== null)
      dock.querySelector<SVGElement>(`[aria-label="${CSS.escape(focused)}"]`)?.focus()

    function openPoint({ row, valid }: RowPoint): void {
      const [scene] = row.scenes
      if (scene === undefined) return
      // What the series set aside is set aside there, too.
      const mask = request.mask?.join(',') ?? (valid === 100 ? store.get().mask : 'clouds')
      const item = JSON.stringify({ search: { ...request.search, ids: [scene] } })
      store.set({ item, mask, other: null, tab: 'look' })
    }
  }

  function offerZones({ id, zones }: Series, zone: string | null): void {
    const known = choice.querySelector('select')
    if (id === chosenOf && known !== null && zone !== null) known.value = zone
    if (id === chosenOf) return
    chosenOf = id
    const options = zones.map(({ id: name }) => h('option', { selected: name === zone }, name))
    const control = h('select', { name: 'zone' }, ...options)
    control.addEventListener('change', () => store.set({ zone: control.value }))
    const label = h('span', {}, `Zone, of ${zones.length}`)
    show(choice, zone !== null && h('label', { class: 'field zone' }, label, control))
  }

  return {
    element: h('div', {}, progress, choice, body),
    draw,
    clear() {
      drawn = ''
      chosenOf = null
      for (const each of [progress, choice, body, dock]) show(each)
      dock.hidden = true
      dock.dispatchEvent(new Event('resized'))
    },
  }
}

/** As much as the dock has, also while another tab hides it. */
function roomOf(dock: HTMLElement): ChartSize {
  const { paddingLeft, paddingTop } = getComputedStyle(dock)
  const whole = dock.hidden ? { clientWidth: innerWidth, clientHeight: 0 } : dock
  const width = Math.min(WIDEST, whole.clientWidth - 2 * parseFloat(paddingLeft))
  return { width, height: Math.max(LOWEST, whole.clientHeight - 2 * parseFloat(paddingTop)) }
}

function progressOf({ done, total }: Series['progress']): HTMLElement {
  return h(
    'div',
    {},
    h('p', { role: 'status' }, `${done} of ${total} observations`),
    h('progress', { max: total, value: done, 'aria-label': 'observations' }),
  )
}

/** Rows are told of all zones; a chart can be read of one. */
function linksOf(id: string, zone: string | null): HTMLElement[] {
  return ['csv', 'png', 'svg'].map((format) => {
    const query = new URLSearchParams({ f: format })
    if (zone !== null && format !== 'csv') query.set('zone', zone)
    const words = format.toUpperCase() + (zone !== null && format === 'csv' ? ' of all zones' : '')
    return h('a', { href: `series/${id}?${query}`, download: `series.${format}` }, words)
  })
}
