// The state of the page with those who listen to it, kept in step with the address bar.

import { fromAddress, isSame, type State, toAddress, toQuery } from './state.ts'

type Listener = (state: State, before: State) => void

/** A change that a person would want to go back from makes an entry of the history. */
const steps: readonly (keyof State)[] = ['item', 'tab', 'series', 'zone', 'area']
/** Browsers limit how often the address may change; a dragged map asks more often. */
const ADDRESS_MS = 250

export interface Store {
  readonly get: () => State
  readonly set: (change: Partial<State>) => void
  readonly listen: (listener: Listener) => void
}

export function createStore(): Store {
  let state = fromAddress(location)
  let timer = 0
  const listeners: Listener[] = []

  function tell(before: State): void {
    for (const listener of listeners) listener(state, before)
  }

  function write(way: 'pushState' | 'replaceState'): void {
    clearTimeout(timer)
    timer = 0
    history[way](null, '', `${location.pathname}${toAddress(state)}`)
  }

  addEventListener('popstate', () => {
    // What was still to be written is gone back from.
    clearTimeout(timer)
    timer = 0
    const before = state
    state = fromAddress(location)
    tell(before)
  })

  return {
    get: () => state,
    set(change) {
      const next = { ...state, ...change }
      if (toQuery(next) === toQuery(state)) return
      const isStep = steps.some((name) => !isSame(next, state, name))
      // What is not written yet belongs to the step that is left.
      if (isStep && timer !== 0) write('replaceState')
      const before = state
      state = next
      if (isStep) write('pushState')
      else if (timer === 0) timer = window.setTimeout(() => write('replaceState'), ADDRESS_MS)
      tell(before)
    },
    listen: (listener) => void listeners.push(listener),
  }
}
