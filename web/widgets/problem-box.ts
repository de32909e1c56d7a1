// What went wrong, and what can be done now.

import { ApiProblem } from '../api.ts'
import { h } from '../dom.ts'
import { copyButton } from './copyable.ts'
import { icon } from './icon.ts'

/** The label of what is tried again. */
export const tryAgain = 'Try again'

export interface Action {
  readonly label: string
  readonly act: () => void
}

/** @param actions what may help, the best first */
export function problemBox(error: unknown, actions: readonly Action[] = []): HTMLElement {
  const problem = error instanceof ApiProblem ? error.problem : null
  const text = problem?.detail ?? (error instanceof Error ? error.message : String(error))
  const details = problem?.details ?? []
  const whole = () => JSON.stringify(problem ?? { detail: text }, null, 2)
  const box = h(
    'div',
    { class: 'problem', role: 'alert', 'data-code': problem?.code ?? 'page' },
    h('p', {}, icon('warning'), ' ', text),
    details.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'Details'),
        h('ul', {}, ...details.map((line) => h('li', {}, line))),
      ),
    h(
      'div',
      { class: 'row' },
      ...actions.map(({ label, act }) => h('button', { type: 'button', onclick: act }, label)),
      copyButton(whole, 'the details', 'Copy details'),
    ),
  )
  // What failed for want of a network is tried again once there is one, if it is still wanted.
  const again = actions.find(({ label }) => label === tryAgain)
  if (problem?.code === 'offline' && again !== undefined)
    addEventListener('online', () => box.isConnected && again.act(), { once: true })
  return box
}

/** Whether a rejection is only that somebody gave up on the work. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
