// GeoKeys of a GeoTIFF by their names in OGC 19-008 (GeoTIFF 1.1) and its predecessor, whose names the world still
// uses.

import { once } from '../async/once.ts'
import { GreenprintError } from '../errors.ts'

/** Its names, on first use. */
export const loadGeoKeyNames = once(async () => (await import('./geotiff.ts')).geoKeyNames)

/** The three tags that hold GeoKeys. */
export interface GeoKeyTags {
  /** Four numbers as a header, then four per key: id, tag of its value or 0, count, value or index. */
  readonly directory: readonly number[]
  readonly doubles: readonly number[]
  readonly ascii: string
}

/** Tags whose values keys point into: GeoDoubleParams, GeoAsciiParams. */
const DOUBLES = 34736
const ASCII = 34737

/**
 * The keys that have a name, each with its number, numbers or text.
 *
 * @throws {GreenprintError} `raster_unusable` when a key points to a value that is not there
 */
export async function nameGeoKeys({
  directory,
  doubles,
  ascii,
}: GeoKeyTags): Promise<Record<string, unknown>> {
  const names = await loadGeoKeyNames()
  const keys: Record<string, unknown> = {}
  const count = Math.min(directory[3] ?? 0, Math.floor(directory.length / 4) - 1)
  for (let entry = 1; entry <= count; entry++) {
    const [id = 0, location = 0, length = 0, value = 0] = directory.slice(entry * 4, entry * 4 + 4)
    const name = names.get(id)
    if (name === undefined) continue
    if (location === 0) keys[name] = value
    // Text ends with a bar that does not belong to it.
    else if (location === ASCII) keys[name] = ascii.slice(value, value + length - 1)
    else if (location === DOUBLES) keys[name] = numbersOf(doubles, value, length, name)
    else throw missing(name)
  }
  return keys
}

function numbersOf(
  doubles: readonly number[],
  from: number,
  count: number,
  name: string,
): number | number[] {
  const values = doubles.slice(from, from + count)
  const [first] = values
  if (first === undefined || values.length < count) throw missing(name)
  return count === 1 ? first : values
}

function missing(name: string): GreenprintError {
  return new GreenprintError(
    'raster_unusable',
    `The TIFF has no value for its GeoKey ${name}: it is damaged.`,
  )
}
