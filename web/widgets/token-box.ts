// The token of this caller: typed once, kept in this tab, sent to this origin alone.

import { token } from '../api.ts'
import { h, show } from '../dom.ts'
import type { Health } from '../replies.ts'

export interface TokenBox {
  readonly button: HTMLButtonElement
  readonly element: HTMLElement
  readonly open: () => void
  readonly tell: (publishing: Health['publishing']) => void
}

export function tokenBox(changed: () => void): TokenBox {
  const words = h('p', { class: 'small faint' })
  const input = h('input', {
    type: 'password',
    name: 'token',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => input.setCustomValidity(''),
  })
  const form = h(
    'form',
    { class: 'token', hidden: true },
    h('label', { class: 'field' }, h('span', {}, 'Token'), input),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'submit', class: 'main' }, 'Use it'),
      h('button', { type: 'button', onclick: () => use('') }, 'Forget it'),
    ),
    words,
  )
  const button = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-expanded': 'false',
      onclick: () => toggle(form.hidden === true),
    },
    'Token',
  )

  function toggle(isOpen: boolean): void {
    form.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
    if (isOpen) input.focus()
  }
  function use(value: string): void {
    token.set(value)
    input.value = ''
    toggle(false)
    draw()
    changed()
  }
  function draw(): void {
    show(button, token.get() === '' ? 'Token' : 'Token ✓')
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const given = input.value.trim().replace(/^bearer\s+/i, '')
    // No header carries other letters: every request would fail.
    const isToken = /^[!-~]*$/.test(given)
    input.setCustomValidity(
      isToken ? '' : 'A token has letters, digits and signs of ASCII, and no blanks.',
    )
    if (isToken) use(given)
    else input.reportValidity()
  })
  draw()
  return {
    button,
    element: form,
    open: () => toggle(true),
    tell(publishing) {
      const meanings = {
        open: 'This system needs none: it lets everybody on this machine work.',
        'by token': 'It is kept in this tab until it is closed, and sent to this address alone.',
        off: 'This deployment has no tokens: it neither publishes nor makes fingerprints.',
      }
      show(words, meanings[publishing])
      button.hidden = publishing === 'open'
    },
  }
}
