// The GeoKeys of a GeoTIFF, read with care: what stands under a key may be anything.

/** As geotiff names and reads them; a value may be of any type. */
export type GeoKeys = Readonly<Record<string, unknown>>

/** GeoKey value for "defined by the other keys". */
const USER_DEFINED = 32767

/** GTModelTypeGeoKey. */
export const models = { projected: 1, geographic: 2, geocentric: 3 } as const

/** A code of EPSG or of a list of the GeoTIFF specification; null where the key is absent, 0 or user-defined. */
export function codeIn(keys: GeoKeys, name: string): number | null {
  const code = keys[name]
  const isCode = typeof code === 'number' && Number.isInteger(code) && code > 0
  return isCode && code !== USER_DEFINED && code < 65535 ? code : null
}

export function isUserDefined(keys: GeoKeys, name: string): boolean {
  return keys[name] === USER_DEFINED
}

/** The first of several keys that has a number: writers do not agree on one. */
export function numberIn(keys: GeoKeys, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = keys[name]
    if (typeof value === 'number' && Number.isFinite(value)) return value
  }
  return null
}

export function textIn(keys: GeoKeys, name: string): string | null {
  const text = keys[name]
  if (typeof text !== 'string') return null
  const plain = text.replace(/\0/g, '').trim()
  return plain === '' ? null : plain
}

/** Whether the coordinates are those of a projection, by what the keys say or name. */
export function isProjected(keys: GeoKeys): boolean {
  const model = keys['GTModelTypeGeoKey']
  return model === models.projected || 'ProjectedCSTypeGeoKey' in keys
}

/** A CRS that cannot be told from its keys; the message goes on after "The CRS …". */
export class UnreadableKeys extends Error {}
