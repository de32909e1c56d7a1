// Find: a search of a catalogue, with where each scene can be read from before anything is.

import type { Geometry } from 'geojson'
import { ask } from '../api.ts'
import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { day, percent, weekday } from '../format.ts'
import type { Footprint } from '../map/map-view.ts'
import { keepPasted } from '../pasted.ts'
import { scenesRequest } from '../request.ts'
import type { State } from '../state.ts'
import { type Access, accessChip } from '../widgets/chip.ts'
import { icon } from '../widgets/icon.ts'
import { isGivenUp, problemBox, tryAgain } from '../widgets/problem-box.ts'
import { areaControls } from './area.ts'
import { type Choice, choose, enter, slide } from './fields.ts'

interface Band {
  readonly from: Access
  readonly reason?: string
}

export interface Hit {
  readonly id: string
  readonly collection: string | null
  readonly datetime: string | null
  readonly cloud_cover: number | null
  readonly coverage: number | null
  readonly geometry: Geometry | null
  readonly href: string | null
  readonly bands: Readonly<Record<string, Band>>
  readonly request: { readonly search: unknown }
}

interface Page {
  readonly matched: number | null
  readonly page: number
  readonly more: boolean
  readonly scenes: readonly Hit[]
  readonly warnings: readonly string[]
}

const earthSearch = 'https://earth-search.aws.element84.com/v1'
const planetary = 'https://planetarycomputer.microsoft.com/api/stac/v1'

export function findPanel(
  context: Context,
  showFootprints: (shown: readonly Footprint[], chosen: string | null) => void,
): Panel {
  const { store } = context
  const catalogues: readonly Choice[] = [
    ['', 'this deployment’s own choice'],
    [earthSearch, 'Earth Search (Sentinel-2, Landsat)'],
    [planetary, 'Planetary Computer'],
    [new URL('stac', document.baseURI).href, 'results and scenes made here'],
  ]
  const area = areaControls(context)
  const catalogue = choose(context, 'api', 'Catalogue', catalogues)
  const fields = [
    enter(context, 'collection', 'Collection', { placeholder: 'any' }),
    enter(context, 'from', 'From', { type: 'date' }),
    enter(context, 'to', 'To', { type: 'date' }),
    slide(context, 'cloud', 'Cloud at most'),
  ]
  const list = h('div', { class: 'hits' })
  const search = h('button', { type: 'submit', class: 'main' }, 'Find scenes')
  const form = h(
    'form',
    {},
    catalogue.element,
    h('div', { class: 'grid2' }, ...fields.map((each) => each.element)),
    search,
  )
  const paste = pasteItem(context)
  const element = h(
    'section',
    { 'aria-label': 'Find' },
    h('h2', {}, 'Place'),
    area.element,
    h('h2', {}, 'Scenes'),
    form,
    list,
    paste,
  )
  let running = new AbortController()
  let hits: readonly Hit[] = []

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void run(1)
  })

  async function run(page: number): Promise<void> {
    running.abort()
    running = new AbortController()
    show(list, h('p', { role: 'status' }, `Asking ${hostOf(store.get())} …`))
    try {
      const body = scenesRequest(store.get(), page)
      const reply = await ask<Page>('/scenes', { body, signal: running.signal })
      hits = reply.scenes
      draw(reply)
    } catch (error) {
      if (!isGivenUp(error))
        show(list, problemBox(error, [{ label: tryAgain, act: () => void run(page) }]))
    }
    drawFootprints()
  }

  function draw({ scenes, matched, page, more, warnings }: Page): void {
    const turn = (label: string, to: number) =>
      h('button', { type: 'button', onclick: () => void run(to) }, label)
    if (scenes.length === 0) {
      show(list, emptyHint(store.get()), page > 1 && turn('Back', page - 1))
      return
    }
    show(
      list,
      h(
        'p',
        { class: 'small faint', role: 'status' },
        matched === null
          ? `${scenes.length} scenes, the best first.`
          : `${matched} match, the best first.`,
      ),
      h('ul', {}, ...scenes.map((hit) => h('li', {}, hitButton(hit), beside(hit)))),
      ...warnings.map((line) => h('p', { class: 'warning' }, line)),
      h(
        'div',
        { class: 'row' },
        page > 1 && turn('Back', page - 1),
        more && turn('More', page + 1),
      ),
    )
  }

  function hitButton(hit: Hit): HTMLElement {
    const { bands, cloud_cover: cloud, coverage, datetime } = hit
    const facts = [
      cloud === null ? 'cloud unknown' : `cloud ${percent(Math.round(cloud))}`,
      ...(coverage === null ? [] : [`covers ${percent(Math.round(coverage * 100))}`]),
    ]
    const places = ['red', 'nir'].flatMap((name) => {
      const band = bands[name]
      return band === undefined ? [] : [accessChip(band.from, name)]
    })
    const [first, second] = places
    const alike = first !== undefined && first.textContent === second?.textContent
    return h(
      'button',
      {
        type: 'button',
        class: 'hit',
        'data-id': hit.id,
        onclick: () => pick(hit),
        onfocus: () => drawFootprints(hit.id),
        onmouseenter: () => drawFootprints(hit.id),
      },
      h('span', { class: 'when', title: weekday(datetime) }, day(datetime)),
      h('span', { class: 'facts' }, facts.join(' · ')),
      h('span', { class: 'name' }, hit.id),
      h('span', { class: 'places' }, ...(alike ? [first] : places)),
    )
  }

  function pick(hit: Hit): void {
    store.set({ item: nameOf(hit), other: null, tab: 'look' })
  }

  /** The other side of the swipe. */
  function beside(hit: Hit): HTMLElement {
    const act = () => store.set({ other: nameOf(hit), tab: 'look' })
    const label = `Beside the shown scene: ${day(hit.datetime)}`
    return h(
      'button',
      { type: 'button', class: 'quiet beside', 'aria-label': label, title: label, onclick: act },
      icon('beside'),
    )
  }

  function drawFootprints(chosen: string | null = null): void {
    const isShown = store.get().tab === 'find'
    const shown = hits.flatMap(({ id, geometry }) => (geometry === null ? [] : [{ id, geometry }]))
    showFootprints(isShown ? shown : [], chosen)
  }

  return {
    element,
    update(state, before) {
      for (const each of [...fields, catalogue, area]) each.update(state)
      if (before === null || before.tab !== state.tab) drawFootprints()
    },
  }
}

/** What the state calls a scene: its address, else the search that finds it. */
function nameOf({ href, request }: Hit): string {
  return href ?? JSON.stringify(request)
}

function hostOf({ api }: State): string {
  return api === '' ? 'the catalogue' : (URL.parse(api)?.host ?? api)
}

/** Which condition to loosen. */
function emptyHint({ cloud, from, to, area, collection }: State): HTMLElement {
  const hints = [
    cloud < 100 && `allow more cloud than ${cloud} %`,
    (from !== '' || to !== '') && 'widen the dates',
    collection !== '' && `ask for other collections than “${collection}”`,
    area !== null && 'draw a larger area',
  ].filter((hint) => hint !== false)
  const advice = hints.length === 0 ? 'Choose another catalogue.' : `Try to ${hints.join(', or ')}.`
  return h('p', { class: 'empty', role: 'status' }, `No scene matches. ${advice}`)
}

function pasteItem({ store }: Context): HTMLElement {
  const fault = h('p', { class: 'fault', role: 'alert' })
  const text = h('textarea', {
    rows: 3,
    name: 'item',
    spellcheck: 'false',
    placeholder: 'https://…/item.json, ipfs://…, or the JSON of a STAC Item',
  })
  const open = h('button', { type: 'submit' }, 'Open')
  const form = h(
    'form',
    {},
    h('label', { class: 'field' }, h('span', {}, 'A STAC Item: its address or its JSON'), text),
    open,
    fault,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const given = text.value.trim()
    show(fault)
    if (/^(https|http|ipfs):\/\//.test(given)) store.set({ item: given, other: null, tab: 'look' })
    else openJson(given)
  })
  function openJson(given: string): void {
    try {
      store.set({ item: keepPasted(JSON.parse(given)), other: null, tab: 'look' })
    } catch {
      show(fault, 'This is neither an address nor JSON.')
    }
  }
  return h('details', { class: 'paste' }, h('summary', {}, 'Paste an item'), form)
}
