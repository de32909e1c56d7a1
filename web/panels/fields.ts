// Labelled controls, bound to a field of the state.

import type { Context } from '../context.ts'
import { h } from '../dom.ts'
import type { State } from '../state.ts'

export interface Field {
  readonly element: HTMLElement
  readonly update: (state: State) => void
}

export type Choice = readonly [value: string, label: string]

type TextField = { [Name in keyof State]: State[Name] extends string ? Name : never }[keyof State]

export function choose(
  { store }: Context,
  name: TextField,
  label: string,
  choices: readonly Choice[],
): Field {
  const options = choices.map(([value, text]) => h('option', { value }, text))
  const control = h(
    'select',
    { name, onchange: () => store.set({ [name]: control.value }) },
    ...options,
  )
  const known = new Set(choices.map(([value]) => value))
  return field(label, control, (state) => {
    const value = state[name]
    // An address may name another one, which is asked for: it is not hidden.
    if (!known.has(value)) control.append(h('option', { value }, value))
    known.add(value)
    control.value = value
  })
}

export function enter(
  { store }: Context,
  name: TextField,
  label: string,
  more: Readonly<Record<string, string>>,
): Field {
  const control = h('input', {
    name,
    ...more,
    onchange: () => store.set({ [name]: control.value.trim() }),
  })
  return field(label, control, (state) => {
    if (document.activeElement !== control) control.value = state[name]
  })
}

/** 0 to 100. */
export function slide({ store }: Context, name: 'opacity' | 'cloud', label: string): Field {
  const shown = h('output', {})
  const control = h('input', {
    type: 'range',
    name,
    min: 0,
    max: 100,
    step: 5,
    oninput: () => store.set({ [name]: Number(control.value) }),
  })
  const made = field(label, control, (state) => {
    control.value = String(state[name])
    shown.textContent = `${state[name]} %`
  })
  made.element.firstElementChild?.append(' ', shown)
  return made
}

export function field(label: string, control: HTMLElement, update: (state: State) => void): Field {
  return { element: h('label', { class: 'field' }, h('span', {}, label), control), update }
}
