// Which band of a TIFF is read: by its number as GDAL counts, by its description, or the only one there is.

import { GreenprintError } from '../errors.ts'
import type { TiffImage } from './tiff-image.ts'

/** TIFF tag 338: associated and unassociated alpha. */
const alphaKinds: ReadonlySet<number> = new Set([1, 2])

/** Bands of an image that hold its opacity, from 0. */
export function alphaBands({ samplesPerPixel, extraSamples }: TiffImage): number[] {
  const first = samplesPerPixel - extraSamples.length
  return extraSamples.flatMap((kind, i) =>
    alphaKinds.has(kind) && first + i >= 0 && samplesPerPixel > 1 ? [first + i] : [],
  )
}

/**
 * The band that is read, from 0.
 *
 * @param asked a number from 1, or a description; null for the only band that is not alpha
 * @param descriptions of the bands that have one, by the band from 0
 * @throws {GreenprintError} `raster_unusable` when there is no such band, or several to choose from
 */
export function chooseBand(
  image: TiffImage,
  asked: number | string | null,
  descriptions: ReadonlyMap<number, string>,
): number {
  const { samplesPerPixel: count } = image
  if (typeof asked === 'number') {
    if (Number.isInteger(asked) && asked >= 1 && asked <= count) return asked - 1
    throw unusable(`The TIFF has no band ${asked}: it holds ${list(count, descriptions)}.`)
  }
  if (asked !== null) {
    const found = named(asked, descriptions)
    if (found !== null) return found
    throw unusable(`The TIFF has no band "${asked}": it holds ${list(count, descriptions)}.`)
  }
  const alpha = alphaBands(image)
  const bands = Array.from({ length: count }, (_, band) => band).filter(
    (band) => !alpha.includes(band),
  )
  const [only] = bands
  if (only !== undefined && bands.length === 1) return only
  throw unusable(
    `The TIFF holds ${list(count, descriptions)}: name the one to read as "<asset>:<band>", by its number from 1 or its description.`,
  )
}

/** Exactly, or else in any case where that leaves one. */
function named(name: string, descriptions: ReadonlyMap<number, string>): number | null {
  const entries = [...descriptions]
  const exact = entries.filter(([, description]) => description === name)
  const alike = entries.filter(
    ([, description]) => description.toLowerCase() === name.toLowerCase(),
  )
  const [found] = exact.length > 0 ? exact : alike
  return found !== undefined && (exact.length > 0 || alike.length === 1) ? found[0] : null
}

/** Longest list of descriptions in a message. */
const MOST_NAMED = 20

function list(count: number, descriptions: ReadonlyMap<number, string>): string {
  if (count === 1) return 'one band'
  const names = [...descriptions]
    .slice(0, MOST_NAMED)
    .map(([band, description]) => `${band + 1} "${description.slice(0, 64)}"`)
  const more = descriptions.size > MOST_NAMED ? ', …' : ''
  return `${count} bands${names.length === 0 ? '' : ` (${names.join(', ')}${more})`}`
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('raster_unusable', message)
}
