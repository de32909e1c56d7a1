// The page: the map, one panel of five tabs, and the state that both show.

import { ask, token } from './api.ts'
import type { Colours, Context, Panel } from './context.ts'
import { h, show } from './dom.ts'
import { day } from './format.ts'
import { createStage, type Stage } from './map/stage.ts'
import { believePanel } from './panels/believe.ts'
import { findPanel } from './panels/find.ts'
import { lookPanel } from './panels/look.ts'
import { resultsPanel } from './panels/results.ts'
import { timePanel } from './panels/time.ts'
import type { Health } from './replies.ts'
import { createScenes } from './scenes.ts'
import { type Tab, tabs } from './state.ts'
import { createStore } from './store.ts'
import { tilesOf } from './tiles.ts'
import { createSheet } from './widgets/sheet.ts'
import { tokenBox } from './widgets/token-box.ts'

const names: Readonly<Record<Tab, string>> = {
  find: 'Find',
  look: 'Look',
  time: 'Over time',
  believe: 'Believe',
  results: 'Results',
}

const HEALTH_MS = 10_000

const panelElement = element('panel')
const dock = element('dock')
const store = createStore()
let health: Health | null = null
let asking: Promise<void> | null = null
let stage: Stage | null = null
let previewing = new AbortController()

/** How far the shown scene is, or why it is not there. */
const notice = h('div', { id: 'state' })
const box = tokenBox(() => {
  update()
  // What was refused for want of a token is asked for again.
  if (notice.querySelector('.problem') !== null) scenes.compute()
})
const context: Context = {
  store,
  result: () => scenes.result(),
  other: () => scenes.other(),
  health: () => health,
  known,
  compute: () => scenes.compute(),
  preview,
  draw: (kind) => stage?.draw(kind),
  mayWork: () => health?.publishing === 'open' || token.get() !== '',
  askToken: () => box.open(),
}
const scenes = createScenes(context, notice, () => {
  update()
  stage?.showResult()
})

const panels: Readonly<Record<Tab, Panel>> = {
  find: findPanel(context, (shown, chosen) => stage?.showFootprints(shown, chosen)),
  look: lookPanel(context),
  time: timePanel(context, dock),
  believe: believePanel(context),
  results: resultsPanel(context),
}

const choices = tabs.map((tab) => {
  const button = h(
    'button',
    { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': `panel-${tab}` },
    names[tab],
  )
  button.addEventListener('click', () => store.set({ tab }))
  button.addEventListener('keydown', (event) => moveTab(event))
  return button
})
const bodies = tabs.map((tab) =>
  h(
    'div',
    { role: 'tabpanel', id: `panel-${tab}`, 'aria-labelledby': `tab-${tab}` },
    panels[tab].element,
  ),
)

function moveTab(event: KeyboardEvent): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const next = (tabs.indexOf(store.get().tab) + step + tabs.length) % tabs.length
  store.set({ tab: tabs[next] ?? 'look' })
  choices[next]?.focus()
}

function update(before = store.get()): void {
  const state = store.get()
  for (const [at, tab] of tabs.entries()) {
    const isShown = tab === state.tab
    choices[at]?.setAttribute('aria-selected', String(isShown))
    choices[at]?.setAttribute('tabindex', isShown ? '0' : '-1')
    const body = bodies[at]
    if (body !== undefined) body.hidden = !isShown
  }
  const scene = context.result()?.reply.item ?? null
  const shown = scene === null ? [] : [`${day(scene.datetime)} ${scene.id}`]
  document.title = [names[state.tab], ...shown, 'Greenprint'].join(' · ')
  notice.hidden = state.tab !== 'look' && state.tab !== 'believe'
  for (const tab of tabs) panels[tab].update(state, before)
}

show(
  panelElement,
  h(
    'header',
    {},
    h('h1', {}, h('a', { href: './' }, 'Greenprint')),
    h('nav', { 'aria-label': 'Elsewhere' }, h('a', { href: 'docs' }, 'API'), box.button),
    h('div', { role: 'tablist', 'aria-label': 'What to do' }, ...choices),
  ),
  box.element,
  notice,
  ...bodies,
)
createSheet(panelElement)
// Followed as a link, it would write over what the fragment of the address says.
document.querySelector('a.skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  panelElement.focus()
})

store.listen((state, before) => {
  update(before)
  stage?.update(state, before)
  scenes.update(state, before)
})
update()
scenes.compute()
dock.addEventListener('resized', () => stage?.resize())

void known()

stage = await createStage(element('map'), context).catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error)
  show(
    element('map'),
    h(
      'p',
      { class: 'no-map', role: 'alert' },
      `The map needs WebGL, which this browser does not give: ${why} Everything else works: results have a figure.`,
    ),
  )
  return null
})
stage?.showResult()

async function preview(root: string, colours: Colours): Promise<void> {
  previewing.abort()
  const mine = new AbortController()
  previewing = mine
  const tiles = await tilesOf(root, colours, mine.signal)
  const isWanted = !mine.signal.aborted && store.get().tab === 'results'
  if (isWanted) stage?.preview({ root, tiles, ...colours })
}

/** What did not answer is asked again when it is needed. */
function known(): Promise<void> {
  if (health !== null) return Promise.resolve()
  asking ??= askHealth().finally(() => {
    asking = null
  })
  return asking
}

async function askHealth(): Promise<void> {
  try {
    health = await ask<Health>('/health', { signal: AbortSignal.timeout(HEALTH_MS) })
  } catch {
    // What needs it says so when it is asked for.
    return
  }
  box.tell(health.publishing)
  update()
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no #${id}.`)
  return found
}
