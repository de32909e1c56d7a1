// A long name, shortened in the middle, with a button that copies all of it.

import { h, show } from '../dom.ts'
import { shortened } from '../format.ts'
import { icon } from './icon.ts'

const SAID_MS = 1500

/** @param what it is called, for those who hear the page */
export function copyable(text: string, what: string): HTMLElement {
  return h(
    'span',
    { class: 'copyable' },
    h('code', { title: text }, shortened(text)),
    copyButton(() => text, what),
  )
}

export function copyButton(text: () => string, what: string, label?: string): HTMLButtonElement {
  const face = () => [icon('copy'), label ?? null]
  const words = `Copy ${what}`
  const heard = label === undefined ? { 'aria-label': words } : {}
  const button = h('button', { type: 'button', class: 'quiet', title: words, ...heard }, ...face())
  button.addEventListener('click', () => {
    void copy(text()).then(say)
  })
  function say(word: string): void {
    show(button, word)
    setTimeout(() => show(button, ...face()), SAID_MS)
  }
  return button
}

/** A page that is neither of this machine nor sent over TLS has no clipboard. */
async function copy(text: string): Promise<'copied' | 'not copied'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return 'not copied'
  }
}
