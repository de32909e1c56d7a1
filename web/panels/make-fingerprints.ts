// Makes the CIDs of a scene that has none, so that the same view is verified from then on.

import { stopped, work } from '../api.ts'
import type { Context } from '../context.ts'
import { h, show } from '../dom.ts'
import { isGivenUp, problemBox, tryAgain } from '../widgets/problem-box.ts'
import { waiting } from '../widgets/waiting.ts'

export function fingerprintControl(
  request: Readonly<Record<string, unknown>>,
  context: Context,
): HTMLElement {
  const { askToken, mayWork, store } = context
  const outcome = h('div', {})
  const start = h('button', { type: 'button', class: 'main' }, 'Make its fingerprint')
  const run = async () => {
    if (!mayWork()) {
      askToken()
      return
    }
    const gone = new AbortController()
    const wait = waiting('Reading the files once for their CIDs', () => gone.abort(stopped))
    show(outcome, wait.element)
    start.disabled = true
    try {
      const { item, search } = request
      const source = item === undefined ? { search } : { item }
      await work<unknown>(
        '/fingerprint',
        { ...source, pin: false },
        { asJob: true, tell: wait.tell, signal: gone.signal },
      )
      store.set({ trust: 'fingerprint' })
    } catch (error) {
      show(
        outcome,
        isGivenUp(error)
          ? 'Stopped.'
          : problemBox(error, [{ label: tryAgain, act: () => void run() }]),
      )
    } finally {
      start.disabled = false
    }
  }
  start.addEventListener('click', () => void run())
  const words =
    'Reads the producer’s files once, whole. From then on every block of this scene is checked.'
  return h('div', {}, h('p', { class: 'small' }, words), start, outcome)
}
