// What this tab keeps until it is closed; as long as the page is open where the browser gives no storage (its cookies
// are blocked) or has no room left in it.

const here = new Map<string, string>()

/** Even to name the storage throws where cookies are blocked. */
function storage(): Storage | null {
  try {
    return sessionStorage
  } catch {
    return null
  }
}

export const kept = {
  get: (name: string): string | null => here.get(name) ?? storage()?.getItem(name) ?? null,
  set(name: string, value: string): void {
    here.set(name, value)
    const store = storage()
    // What was kept before is not what is found after the page was loaded again.
    store?.removeItem(name)
    try {
      store?.setItem(name, value)
    } catch {
      // It is full.
    }
  },
  remove(name: string): void {
    here.delete(name)
    storage()?.removeItem(name)
  },
} as const
