// What this is, for whoever comes first.

import type { Context } from '../context.ts'
import { h } from '../dom.ts'

/** What this is, and three ways on. */
export function firstWords({ draw, store }: Context): HTMLElement {
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
