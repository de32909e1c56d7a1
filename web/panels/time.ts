// Over time: the series of the drawn area, as a chart, rows and CSV.

import { ask, askAgain, pause } from '../api.ts'
import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { seriesRequest } from '../request.ts'
import type { State } from '../state.ts'
import { isGivenUp, problemBox, tryAgain } from '../widgets/problem-box.ts'
import { areaControls } from './area.ts'
import { type Choice, choose, enter } from './fields.ts'
import type { Series } from './series-rows.ts'
import { seriesView } from './series-view.ts'

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
  const notice = h('div', { 'aria-live': 'polite' })
  const view = seriesView(store, dock)
  const element = h(
    'section',
    { 'aria-label': 'Over time' },
    h('h2', {}, 'Place'),
    area.element,
    h('h2', {}, 'Dates'),
    form,
    notice,
    view.element,
  )
  let running = new AbortController()
  /** What is followed, or was to its end. */
  let shown: Pick<State, 'series' | 'zone'> = { series: null, zone: null }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void begin()
  })

  async function begin(): Promise<void> {
    if (store.get().area === null) {
      show(
        notice,
        h('p', { class: 'fault', role: 'alert' }, 'Draw the area first: a series is of one place.'),
      )
      return
    }
    const signal = restart()
    show(notice, h('p', { role: 'status' }, 'Searching for scenes …'))
    try {
      const { id } = await ask<Series>('/series', { body: seriesRequest(store.get()), signal })
      if (id !== shown.series) view.clear()
      shown = { series: id, zone: null }
      store.set(shown)
      await follow(id, null, signal)
    } catch (error) {
      fail(error, () => void begin())
    }
  }

  function restart(): AbortSignal {
    running.abort()
    running = new AbortController()
    return running.signal
  }

  /** Whoever has the address sees the series as far as it is: of several zones one, for each has a line of its own. */
  async function follow(id: string, asked: string | null, signal: AbortSignal): Promise<void> {
    let zone = asked
    for (;;) {
      const query = zone === null ? '' : `?${new URLSearchParams({ zone })}`
      const series = await askAgain<Series>(`/series/${id}${query}`, signal)
      show(notice)
      const [first, second] = series.zones
      if (zone === null && first !== undefined && second !== undefined) {
        zone = first.id
        continue
      }
      view.draw(series, zone)
      if (series.status !== 'running') return
      await pause(PAUSE_MS, signal)
    }
  }

  function showKnown({ series, zone }: Pick<State, 'series' | 'zone'>): void {
    if (series !== shown.series) view.clear()
    shown = { series, zone }
    const signal = restart()
    show(notice)
    if (series === null) return
    // The one that is followed goes on wherever it is, and is not made anew.
    follow(series, zone, signal).catch((error: unknown) => fail(error, () => showKnown(shown)))
  }

  function fail(error: unknown, again: () => void): void {
    if (!isGivenUp(error)) show(notice, problemBox(error, [{ label: tryAgain, act: again }]))
  }

  return {
    element,
    update(state) {
      for (const each of [...fields, area]) each.update(state)
      const { series, zone, tab } = state
      if (tab !== 'time') dock.hidden = true
      else if (dock.childElementCount > 0) dock.hidden = false
      if (tab === 'time' && (series !== shown.series || zone !== shown.zone)) showKnown(state)
    },
  }
}
