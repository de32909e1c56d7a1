// The shown scene and the one on the other side of the swipe: asked for whenever what decides them changes.

import { ApiProblem, ask, stopped, work } from './api.ts'
import { boundsOf, touches } from './area.ts'
import type { Context, Result } from './context.ts'
import { h, show } from './dom.ts'
import { pastedItem } from './pasted.ts'
import type { NdviReply } from './replies.ts'
import { ndviRequest } from './request.ts'
import { sampleBounds } from './sample.ts'
import { settings } from './settings.ts'
import { isSame, type State } from './state.ts'
import { tilesOf } from './tiles.ts'
import { type Action, isGivenUp, problemBox, tryAgain } from './widgets/problem-box.ts'
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
      other = null
      show(notice)
      changed()
      return
    }
    const wait = waiting('Asking for the scene', () => running.abort(stopped))
    show(notice, wait.element)
    const before = result
    try {
      const found = await get(state.item, state, wait.tell, signal)
      signal.throwIfAborted()
      // The other one was drawn for the request before.
      ;[result, other] = [found, null]
      changed()
      if (state.other !== null) other = await get(state.other, state, wait.tell, signal)
      show(notice)
    } catch (error) {
      if (signal.aborted && signal !== running.signal) return
      tellFault(error, before !== null && before === result)
    }
    changed()
  }

  function tellFault(error: unknown, isOld: boolean): void {
    const isStopped = isGivenUp(error)
    show(
      notice,
      isStopped ? stoppedNote(compute) : problemBox(error, actionsFor(error, context)),
      isOld && h('p', { class: 'small old' }, 'What is shown answers the request before.'),
    )
    // Whoever changed a control at the end of the panel would not see it.
    if (!isStopped) notice.scrollIntoView({ block: 'nearest' })
  }

  async function get(
    name: string,
    state: State,
    tell: Parameters<typeof work>[2]['tell'],
    signal: AbortSignal,
  ): Promise<Result> {
    const request = ndviRequest(forScene(name, state), await sourceOf(name, signal))
    // The sample is known, or made in no time: a job would take longer.
    const isSample = name === 'sample'
    if (!isSample) await context.known()
    const asJob = !isSample && context.mayWork()
    const reply = await work<NdviReply>('/ndvi', request, { asJob, tell, signal })
    const { colormap, rescale } = state
    return { name, request, reply, colormap, rescale, ...(await picture(reply, state, signal)) }
  }

  function compute(): void {
    clearTimeout(timer)
    timer = window.setTimeout(() => void run(), SETTLE_MS)
  }

  return {
    result: () => result,
    other: () => other,
    compute,
    update(state, before) {
      const isOther = (name: keyof State) => !isSame(state, before, name)
      const isEnded = isOther('other') && state.other === null
      if (isEnded) other = null
      if (deciding.some(isOther) || (isOther('other') && !isEnded)) compute()
      else if (isEnded) changed()
    },
  }
}

/** A result without tiles still has its figure and its numbers. */
async function picture(
  { root }: NdviReply,
  state: State,
  signal: AbortSignal,
): Promise<Pick<Result, 'tiles' | 'noTiles'>> {
  try {
    return { tiles: await tilesOf(root.cid, state, signal), noTiles: null }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return { tiles: null, noTiles: error.message }
  }
}

/** Whoever draws an area elsewhere looks for scenes there, not for a part of the sample. */
function forScene(name: string, state: State): State {
  const { area } = state
  const isElsewhere = name === 'sample' && area !== null && !touches(boundsOf(area), sampleBounds)
  return isElsewhere ? { ...state, area: null } : state
}

/** `{item}` or `{search}` of a name in the state. */
async function sourceOf(name: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  if (name === 'sample') return { item: await ask<unknown>(settings.sample, { signal }) }
  const pasted = pastedItem(name)
  if (pasted !== undefined) return { item: pasted }
  const search = searchOf(name)
  if (search !== null) return { search }
  if (/^[a-z]+:\/\//.test(name)) return { item: name }
  const detail = name.startsWith('pasted-')
    ? 'This address names an item that was pasted into another tab. Paste it again.'
    : 'This address names no scene: a part of it may be missing.'
  throw new ApiProblem({ status: 0, code: 'item_gone', detail })
}

/** Of the JSON `{"search": …}`; null for other names. */
function searchOf(name: string): unknown {
  try {
    const read: unknown = JSON.parse(name)
    return typeof read === 'object' && read !== null && 'search' in read ? read.search : null
  } catch {
    return null
  }
}

function actionsFor(error: unknown, context: Context): Action[] {
  const code = error instanceof ApiProblem ? error.problem.code : ''
  const { store, compute } = context
  const enter = { label: 'Enter a token', act: context.askToken }
  const hasTokens = context.health()?.publishing !== 'off'
  const again = { label: tryAgain, act: compute }
  const unverified = {
    label: 'Look without verification',
    act: () => store.set({ trust: 'transport' }),
  }
  const sample = { label: 'Open the sample', act: () => store.set({ item: 'sample', area: null }) }
  if (code === 'fingerprint_needed') return hasTokens ? [enter, unverified] : [unverified]
  if (code === 'unauthorized') return [enter]
  if (code === 'outside_scene')
    return [{ label: 'Show the whole scene', act: () => store.set({ area: null }) }]
  if (code === 'mask_unavailable')
    return [{ label: 'Set nothing aside', act: () => store.set({ mask: '' }) }]
  if (code === 'too_large' && Number(store.get().size) !== 1024)
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
