// What the build and the server tell the page: addresses beside its script.

const script = document.querySelector('script[data-worker]')

function told(name: string): string {
  const value = script?.getAttribute(`data-${name}`)
  if (value === null || value === undefined)
    throw new Error(`The page's script has no data-${name}.`)
  return new URL(value, location.href).href
}

export const settings = {
  worker: told('worker'),
  land: told('land'),
  sample: told('sample'),
  /** Template of BASE_MAP_URL; null without one. */
  baseMap: document.querySelector('meta[name=base-map]')?.getAttribute('content') ?? null,
} as const
