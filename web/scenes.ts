// The shown scene and the one on the other side of the swipe: asked for whenever what decides them changes.

import { ApiProblem, ask, stopped, work } from './api.ts'
import { boundsOf, touches } from './area.ts'
import type { Context, Result } from './context.ts'
import { h, show } from './dom.ts'
import type { NdviReply, TileJson } from './replies.ts'
import { ndviRequest } from './request.ts'
import { sampleBounds } from './sample.ts'
import { settings } from './settings.ts'
import { isSame, type State } from './state.ts'
import { type Action, isGivenUp, problemBox } from './widgets/problem-box.ts'
import { waiting } from './widgets/waiting.ts'

export interface Scenes {
  readonly result: () => Result | null
  readonly other: () => Result | null
  readonly compute: () => void
  readonly update: (state: State, before: State) => void
}

/** Fields that another request is needed for. */
const deciding: readonly (keyof State)[] = [
  'item',
  'area',
  'mask',
  'scale',
  'colormap',
  'rescale',
  'size',
  'trust',
]
/** Several controls changed at once are one request. */
const SETTLE_MS = 60

export function createScenes(context: Context, notice: HTMLElement, changed: () => void): Scenes {
  const { store } = context
  let result: Result | null = null
  let other: Result | null = null
  let running = new AbortController()
  let timer = 0

  async function run(): Promise<void> {
    running.abort()
    running = new AbortController()
    const { signal } = running
    const state = store.get()
    if (state.item === null) {
      result = null
      show(notice, firstWords(context))
      changed()
      return
    }
    const wait = waiting('Asking for the scene', () => running.abort(stopped))
    show(notice, wait.element)
    try {
      result = await get(state.item, state, wait.tell, signal)
      show(notice, state.item === 'sample' && firstWords(context))
      if (state.other !== null) other = await get(state.other, state, wait.tell, signal)
    } catch (error) {
      if (signal.aborted && signal !== running.signal) return
      show(
        notice,
        isGivenUp(error)
          ? stoppedNote(() => void run())
          : problemBox(error, actionsFor(error, context)),
      )
    }
    changed()
  }

  async function get(
    name: string,
    state: State,
    tell: Parameters<typeof work>[2]['tell'],
    signal: AbortSignal,
  ): Promise<Result> {
    const request = ndviRequest(forScene(name, state), await sourceOf(name, context, signal))
    // The sample is known, or made in no time: a job would take longer.
    const asJob = name !== 'sample' && context.mayWork()
    const reply = await work<NdviReply>('/ndvi', request, { asJob, tell, signal })
    return { request, reply, tiles: await tilesOf(reply, state, signal) }
  }

  function later(): void {
    clearTimeout(timer)
    timer = window.setTimeout(() => void run(), SETTLE_MS)
  }

  return {
    result: () => result,
    other: () => other,
    compute: later,
    update(state, before) {
      const isOther = (name: keyof State) => !isSame(state, before, name)
      if (isOther('other') && state.other === null) {
        other = null
        changed()
      } else if (isOther('other') || deciding.some(isOther)) later()
    },
  }
}

/** A result that has no tiles (it touches a pole, say) still has its figure and its numbers. */
async function tilesOf(
  { root }: NdviReply,
  { colormap, rescale }: State,
  signal: AbortSignal,
): Promise<TileJson | null> {
  const query = new URLSearchParams({
    root: root.cid,
    tile_scale: '2',
    colormap_name: colormap,
    rescale,
  })
  try {
    return await ask<TileJson>(`/tilejson.json?${query}`, { signal })
  } catch (error) {
    if (isGivenUp(error)) throw error
    return null
  }
}

/** Whoever draws an area elsewhere looks for scenes there, not for a part of the sample. */
function forScene(name: string, state: State): State {
  const { area } = state
  const isElsewhere = name === 'sample' && area !== null && !touches(boundsOf(area), sampleBounds)
  return isElsewhere ? { ...state, area: null } : state
}

/** `{item}` or `{search}` of a name in the state. */
async function sourceOf(
  name: string,
  { items }: Context,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  if (name === 'sample') return { item: await ask<unknown>(settings.sample, { signal }) }
  const pasted = items.get(name)
  if (pasted !== undefined) return { item: pasted }
  if (name.startsWith('{')) {
    const { search } = JSON.parse(name)
    return { search }
  }
  if (/^[a-z]+:\/\//.test(name)) return { item: name }
  const detail = 'This address names an item that was pasted into another tab. Paste it again.'
  throw new ApiProblem({ status: 0, code: 'item_gone', detail })
}

function actionsFor(error: unknown, context: Context): Action[] {
  const code = error instanceof ApiProblem ? error.problem.code : ''
  const { store, compute } = context
  const enter = { label: 'Enter a token', act: context.askToken }
  const again = { label: 'Try again', act: compute }
  const unverified = {
    label: 'Look without verification',
    act: () => store.set({ trust: 'transport' }),
  }
  const sample = { label: 'Open the sample', act: () => store.set({ item: 'sample', area: null }) }
  if (code === 'fingerprint_needed') return [enter, unverified]
  if (code === 'unauthorized') return [enter]
  if (code === 'outside_scene')
    return [{ label: 'Show the whole scene', act: () => store.set({ area: null }) }]
  if (code === 'mask_unavailable')
    return [{ label: 'Set nothing aside', act: () => store.set({ mask: '' }) }]
  if (code === 'too_large')
    return [{ label: 'Read 1,024 pixels', act: () => store.set({ size: '1024' }) }]
  return [again, sample]
}

function stoppedNote(again: () => void): HTMLElement {
  return h(
    'p',
    { class: 'small' },
    'Stopped. ',
    h('button', { type: 'button', class: 'link', onclick: again }, 'Go on'),
  )
}

/** What this is, and three ways on. */
function firstWords({ draw, store }: Context): HTMLElement {
  const way = (words: string, act: () => void) =>
    h('button', { type: 'button', onclick: act }, words)
  return h(
    'div',
    { class: 'first' },
    h(
      'p',
      {},
      'This is the vegetation around Manaus on 23 July 2023, computed from a satellite scene of which ' +
        'every block was checked. You can do the same for any place.',
    ),
    h(
      'div',
      { class: 'row' },
      way('Draw a field', () => draw('polygon')),
      way('Find a scene', () => store.set({ tab: 'find' })),
      way('Paste an item', () => {
        store.set({ tab: 'find' })
        document.querySelector('details.paste')?.setAttribute('open', '')
        document.querySelector<HTMLElement>('textarea[name=item]')?.focus()
      }),
    ),
  )
}
