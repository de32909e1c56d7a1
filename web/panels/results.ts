// Results: what was made here so far, from the catalogue of results.

import { ask } from '../api.ts'
import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { day, ndvi, weekday } from '../format.ts'
import { copyable } from '../widgets/copyable.ts'
import { isGivenUp, problemBox } from '../widgets/problem-box.ts'
import { jobsList } from './jobs-list.ts'

interface Item {
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly links: readonly { readonly rel: string; readonly href: string }[]
  readonly assets: Readonly<Record<string, { readonly href: string }>>
}

interface Found {
  readonly features: readonly Item[]
  readonly links: readonly { readonly rel: string; readonly href: string }[]
}

export function resultsPanel({ preview }: Context): Panel {
  const list = h('div', { 'aria-live': 'polite' })
  const jobs = jobsList(preview)
  const element = h(
    'section',
    { 'aria-label': 'Results' },
    jobs.element,
    h(
      'p',
      { class: 'small' },
      'Every NDVI that this deployment keeps, the newest first. The same list is a STAC API at ',
      h('a', { href: 'stac' }, '/stac'),
      '.',
    ),
    list,
  )
  let running = new AbortController()

  async function load(address: string): Promise<void> {
    running.abort()
    running = new AbortController()
    show(list, h('p', { role: 'status' }, 'Looking …'))
    try {
      draw(await ask<Found>(address, { signal: running.signal }))
    } catch (error) {
      if (!isGivenUp(error))
        show(list, problemBox(error, [{ label: 'Try again', act: () => void load(address) }]))
    }
  }

  function draw({ features, links }: Found): void {
    const next = links.find(({ rel }) => rel === 'next')
    if (features.length === 0) {
      show(list, h('p', { class: 'empty' }, 'Nothing was kept yet. Look at a scene first.'))
      return
    }
    show(
      list,
      h('ul', { class: 'hits' }, ...features.map((item) => h('li', {}, card(item)))),
      next !== undefined &&
        h(
          'button',
          {
            type: 'button',
            onclick: () => void load(new URL(next.href).pathname + new URL(next.href).search),
          },
          'More',
        ),
    )
  }

  function card(item: Item): HTMLElement {
    const { properties, assets } = item
    const when = textOf(properties['datetime']) ?? textOf(properties['start_datetime'])
    const figure = assets['figure']?.href
    const root = rootOf(item)
    const mean = meanOf(properties)
    const show = () => root !== null && preview(root)
    return h(
      'div',
      {},
      h(
        'button',
        { type: 'button', class: 'hit result', disabled: root === null, onclick: show },
        figure === undefined ? null : h('img', { src: figure, alt: '', loading: 'lazy' }),
        h('span', { class: 'when', title: weekday(when) }, day(when)),
        h('span', { class: 'facts' }, mean === null ? '' : `mean ${ndvi(mean)}`),
        h('span', { class: 'name' }, item.id),
      ),
      h(
        'div',
        { class: 'row small' },
        figure !== undefined && h('a', { href: figure, target: '_blank' }, 'figure'),
        h('a', { href: linkOf(item, 'self') ?? '' }, 'item'),
        root !== null && copyable(root, 'the root CID'),
      ),
    )
  }

  let seen = false
  return {
    element,
    update({ tab }, before) {
      if (tab !== 'results') seen = false
      else if (!seen || before === null) {
        seen = true
        jobs.refresh()
        void load('/stac/collections/ndvi/items?limit=20')
      }
    },
  }
}

/** Of the asked area, as the published item tells it. */
function meanOf(properties: Item['properties']): number | null {
  const statistics = fieldOf(properties['greenprint:area'], 'statistics')
  const mean = fieldOf(statistics, 'mean')
  return typeof mean === 'number' ? mean : null
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : null
}

function linkOf({ links }: Item, rel: string): string | null {
  return links.find((link) => link.rel === rel)?.href ?? null
}

/** The directory that the item is in. */
function rootOf(item: Item): string | null {
  return /\/ipfs\/(\w+)\/item\.json$/.exec(linkOf(item, 'canonical') ?? '')?.[1] ?? null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
