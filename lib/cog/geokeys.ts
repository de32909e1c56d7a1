// The GeoKeys of a GeoTIFF that is written: the EPSG code where there is one, else the words of its source.

import type { Crs } from '../geo/crs/crs.ts'
import { isProjected } from '../geo/crs/geo-keys.ts'
import type { GeoKeyTags } from './geokey-names.ts'
import { readCrs } from './georeference.ts'
import type { GeoTags } from './tiff.ts'

const MODEL_TYPE = 1024
const RASTER_TYPE = 1025
const GEOGRAPHIC_CRS = 2048
const PROJECTED_CRS = 3072
const MODEL_PROJECTED = 1
const MODEL_GEOGRAPHIC = 2
const PIXEL_IS_AREA = 1

/**
 * GeoKeys of a grid of pixel corners, as every grid is here: PixelIsArea, whatever the source says.
 *
 * @param crs `EPSG:<code>`, or null where only a definition says what it is; written as a code where the source's keys
 *   are that code too, for whoever describes a CRS means its own description
 */
export function geoKeysFor(
  crs: string | null,
  { keys, raw }: Pick<GeoTags, 'keys' | 'raw'>,
): GeoKeyTags {
  if (crs === null || crs !== readCrs({ keys })) return asArea(raw)
  const projected = isProjected(keys)
  const entries = [
    [MODEL_TYPE, 0, 1, projected ? MODEL_PROJECTED : MODEL_GEOGRAPHIC],
    [RASTER_TYPE, 0, 1, PIXEL_IS_AREA],
    [projected ? PROJECTED_CRS : GEOGRAPHIC_CRS, 0, 1, Number(crs.slice('EPSG:'.length))],
  ]
  return { directory: [1, 1, 0, entries.length, ...entries.flat()], doubles: [], ascii: '' }
}

/** Entries of four numbers after a header of four, in ascending order of their keys. */
function asArea({ directory, ...values }: GeoKeyTags): GeoKeyTags {
  const [version = 1, revision = 1, minor = 0] = directory
  const entries = Array.from({ length: Math.floor(directory.length / 4) - 1 }, (_, index) =>
    directory.slice(4 + index * 4, 8 + index * 4),
  )
  const others = entries.filter(([key]) => key !== RASTER_TYPE)
  const all = [...others, [RASTER_TYPE, 0, 1, PIXEL_IS_AREA]].toSorted(
    ([one = 0], [other = 0]) => one - other,
  )
  return { directory: [version, revision, minor, all.length, ...all.flat()], ...values }
}

const PROJECTED_CITATION = 3073
const ASCII_PARAMS = 34737
const USER_DEFINED = 32767

type Keys = Pick<GeoTags, 'keys' | 'raw'>

/**
 * GeoKeys for a CRS that the source's own do not say, or not to everyone: its code where EPSG has one, else ESRI's
 * definition of it in a citation, which GDAL reads.
 *
 * @returns null where neither can say it
 */
export function geoKeysOf(crs: Pick<Crs, 'code' | 'degrees' | 'describe'>): Keys | null {
  const epsg = Number(/^EPSG:(\d+)$/.exec(crs.code ?? '')?.[1] ?? USER_DEFINED)
  const isMap = crs.degrees === null
  if (epsg < USER_DEFINED) {
    const keys = isMap
      ? { GTModelTypeGeoKey: MODEL_PROJECTED, ProjectedCSTypeGeoKey: epsg }
      : { GTModelTypeGeoKey: MODEL_GEOGRAPHIC, GeographicTypeGeoKey: epsg }
    return { keys, raw: { directory: [1, 1, 0, 0], doubles: [], ascii: '' } }
  }
  const esri = crs.describe()?.esri
  return esri === null || esri === undefined ? null : cited(`ESRI PE String = ${esri}`)
}

/** GeoKeys for a CRS of which a GeoTIFF can only say how it is called. */
export function geoKeysNaming({ name }: Pick<Crs, 'name'>): Keys {
  return cited(name)
}

function cited(citation: string): Keys {
  // ASCII alone may stand there.
  const ascii = `${citation.replace(/[^ -~]/g, '?')}|`
  const entries = [
    [MODEL_TYPE, 0, 1, USER_DEFINED],
    [PROJECTED_CITATION, ASCII_PARAMS, ascii.length, 0],
  ]
  const directory = [1, 1, 0, entries.length, ...entries.flat()]
  return { keys: {}, raw: { directory, doubles: [], ascii } }
}
