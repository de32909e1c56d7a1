// Items that were pasted: they have no address of their own, and are kept in this tab until it is closed.

import { kept } from './kept.ts'

const KEY = 'greenprint-item-'
const NAME_BYTES = 6

/** @returns what the state calls it: a name that no other item has had in this tab */
export function keepPasted(item: unknown): string {
  const random = crypto.getRandomValues(new Uint8Array(NAME_BYTES))
  const name = `pasted-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  kept.set(KEY + name, JSON.stringify(item))
  return name
}

/** Undefined where this tab has no item of that name. */
export function pastedItem(name: string): unknown {
  const item = kept.get(KEY + name)
  return item === null ? undefined : JSON.parse(item)
}
