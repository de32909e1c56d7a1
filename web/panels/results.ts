// Results: what was made here so far, from the catalogue of results.

import { ask } from '../api.ts'
import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { day, ndvi, weekday } from '../format.ts'
import { copyable } from '../widgets/copyable.ts'
import { isGivenUp, problemBox, tryAgain } from '../widgets/problem-box.ts'
import { jobsList } from './jobs-list.ts'
import { resultKinds } from './result-kinds.ts'

interface Item {
  readonly id: string
  readonly collection: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly links: readonly { readonly rel: string; readonly href: string }[]
  readonly assets: Readonly<Record<string, { readonly href: string }>>
}

interface Found {
  readonly features: readonly Item[]
  readonly links: readonly { readonly rel: string; readonly href: string }[]
}

export function resultsPanel({ preview }: Context): Panel {
  const list = h('ul', { class: 'hits' })
  const rest = h('div', {})
  const fault = h('div', {})
  const jobs = jobsList(preview)
  const element = h(
    'section',
    { 'aria-label': 'Results' },
    jobs.element,
    h(
      'p',
      { class: 'small' },
      'What this deployment keeps, the newest first: NDVI of scenes, composites of them and changes between two. ' +
        'The same list is a STAC API at ',
      h('a', { href: 'stac' }, '/stac'),
      '.',
    ),
    fault,
    list,
    rest,
  )
  let running = new AbortController()

  /** The first ones, or those that follow: what was read before stays. */
  async function load(address: string, isFirst: boolean): Promise<void> {
    running.abort()
    running = new AbortController()
    if (isFirst) show(list)
    show(rest, h('p', { role: 'status' }, 'Looking …'))
    try {
      draw(await ask<Found>(address, { signal: running.signal }))
    } catch (error) {
      const again = { label: tryAgain, act: () => void load(address, isFirst) }
      if (!isGivenUp(error)) show(rest, problemBox(error, [again]))
    }
  }

  function draw({ features, links }: Found): void {
    const next = links.find(({ rel }) => rel === 'next')
    list.append(...features.map((item) => h('li', {}, card(item))))
    if (list.childElementCount === 0)
      show(rest, h('p', { class: 'empty' }, 'Nothing was kept yet. Look at a scene first.'))
    else show(rest, next !== undefined && more(pathOf(next.href)))
  }

  function more(address: string): HTMLElement {
    const act = () => void load(address, false)
    return h('button', { type: 'button', onclick: act }, 'More')
  }

  function card(item: Item): HTMLElement {
    const { properties, assets } = item
    const [when, ...until] = ['datetime', 'start_datetime', 'end_datetime'].flatMap(
      (name) => textOf(properties[name]) ?? [],
    )
    const figure = assets['figure']?.href
    const root = rootOf(item)
    const mean = meanOf(item)
    const open = () => {
      show(fault)
      const colours = resultKinds[item.collection]
      if (root === null || colours === undefined) return
      preview(root, colours).catch((error: unknown) => {
        if (isGivenUp(error)) return
        show(fault, problemBox(error))
        fault.scrollIntoView({ block: 'nearest' })
      })
    }
    return h(
      'div',
      {},
      h(
        'button',
        { type: 'button', class: 'hit result', disabled: root === null, onclick: open },
        figure === undefined ? null : h('img', { src: figure, alt: '', loading: 'lazy' }),
        h('span', { class: 'when', title: weekday(when) }, [when, ...until].map(day).join(' to ')),
        h('span', { class: 'facts' }, mean),
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
        void load(`/stac/search?collections=${Object.keys(resultKinds).join(',')}&limit=20`, true)
      }
    },
  }
}

/** Of the asked area, as the published item tells it; empty where it tells none. */
function meanOf({ collection, properties }: Item): string {
  const kind = resultKinds[collection]
  const told = fieldOf(properties['greenprint:area'], 'statistics')
  const counted = kind?.counted ?? null
  const mean = fieldOf(counted === null ? told : fieldOf(told, counted), 'mean')
  return kind !== undefined && typeof mean === 'number' ? `${kind.mean} ${ndvi(mean)}` : ''
}

/** From the page's own address: a stage or a proxy's path may stand before it, and is in both. */
function pathOf(href: string): string {
  const { pathname, search } = new URL(href)
  const { pathname: base } = new URL('.', document.baseURI)
  return (pathname.startsWith(base) ? pathname.slice(base.length) : pathname) + search
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
