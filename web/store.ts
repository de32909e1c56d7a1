// The state of the page with those who listen to it, kept in step with the address bar.

import { fromAddress, isSame, type State, toAddress, toQuery } from './state.ts'

type Listener = (state: State, before: State) => void

/** A change that a person would want to go back from makes an entry of the history. */
const steps: readonly (keyof State)[] = ['item', 'tab', 'series', 'area']
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
  let isStep = false
  const listeners: Listener[] = []

  function apply(next: State): void {
    const before = state
    state = next
    for (const listener of listeners) listener(next, before)
  }

  function write(): void {
    timer = 0
    const address = `${location.pathname}${toAddress(state)}`
    if (isStep) history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    isStep = false
  }

  addEventListener('popstate', () => apply(fromAddress(location)))

  return {
    get: () => state,
    set(change) {
      const next = { ...state, ...change }
      if (toQuery(next) === toQuery(state)) return
      isStep ||= steps.some((name) => !isSame(next, state, name))
      apply(next)
      if (timer === 0) timer = window.setTimeout(write, ADDRESS_MS)
    },
    listen: (listener) => void listeners.push(listener),
  }
}
