// Items that were pasted: they have no address of their own, and are kept in this tab until it is closed.

const KEY = 'greenprint-item-'
const NAME_BYTES = 6

/** Those that the tab's storage had no room for are lost with the page. */
const here = new Map<string, unknown>()

/** @returns what the state calls it: a name that no other item has had in this tab */
export function keepPasted(item: unknown): string {
  const random = crypto.getRandomValues(new Uint8Array(NAME_BYTES))
  const name = `pasted-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  here.set(name, item)
  try {
    sessionStorage.setItem(KEY + name, JSON.stringify(item))
  } catch {
    // It is full.
  }
  return name
}

/** Undefined where this tab has no item of that name. */
export function pastedItem(name: string): unknown {
  if (here.has(name)) return here.get(name)
  const kept = sessionStorage.getItem(KEY + name)
  return kept === null ? undefined : JSON.parse(kept)
}
