// GeoKeys that plainly name a common CRS, so that PROJ need not be loaded. Whatever is unusual beside them needs PROJ.

import { type CommonCrs, commonGeographic, commonProjected } from './common-crs.ts'
import { codeIn, type GeoKeys, models, numberIn, textIn } from './geo-keys.ts'

const METRE = 9001
const DEGREES = new Set([null, 9102, 9122])
/** WGS 84, and what HLS and others write for it: an unknown datum on its ellipsoid. */
const ON_WGS84 = new Set([4326, 4030])
const TRANSVERSE_MERCATOR = 1

/** @returns null where more than a code must be read */
export function commonCrsOf(keys: GeoKeys): CommonCrs | null {
  if (!hasPlainUnits(keys) || !hasPlainDatum(keys)) return null
  const code = codeIn(keys, 'ProjectedCSTypeGeoKey')
  if (code !== null) {
    if (isDescribed(keys)) return null
    const common = commonProjected(code)
    const base = codeIn(keys, 'GeographicTypeGeoKey')
    return base === null || base === common?.base ? common : null
  }
  const geographic = codeIn(keys, 'GeographicTypeGeoKey')
  if (geographic === null) return null
  const model = keys['GTModelTypeGeoKey']
  if ((model === models.geographic || model === undefined) && !isDescribed(keys))
    return commonGeographic(geographic)
  const zone = model === models.projected && ON_WGS84.has(geographic) ? utmCode(keys) : null
  return zone === null ? null : commonProjected(zone)
}

function isDescribed(keys: GeoKeys): boolean {
  return 'ProjCoordTransGeoKey' in keys || 'ProjectionGeoKey' in keys
}

function hasPlainUnits(keys: GeoKeys): boolean {
  const linear = codeIn(keys, 'ProjLinearUnitsGeoKey')
  const isMetre = linear === METRE || (linear === null && !('ProjLinearUnitSizeGeoKey' in keys))
  const citations = ['PCSCitationGeoKey', 'GTCitationGeoKey', 'GeogCitationGeoKey'].map((name) =>
    textIn(keys, name),
  )
  // ESRI and ERDAS write units and whole definitions there.
  const isPlain = citations.every((text) => !/units\s*=|pe string/i.test(text ?? ''))
  return isMetre && DEGREES.has(codeIn(keys, 'GeogAngularUnitsGeoKey')) && isPlain
}

/** Whatever stands there of an ellipsoid is that of WGS 84 or GRS 1980, of which the codes' own is one. */
function hasPlainDatum(keys: GeoKeys): boolean {
  const semiMajor = numberIn(keys, 'GeogSemiMajorAxisGeoKey') ?? 6378137
  const semiMinor = numberIn(keys, 'GeogSemiMinorAxisGeoKey') ?? 6356752.3142
  const inverse = numberIn(keys, 'GeogInvFlatteningGeoKey') ?? 298.2572
  const meridian = numberIn(keys, 'GeogPrimeMeridianLongGeoKey') ?? 0
  return (
    semiMajor === 6378137 &&
    Math.abs(semiMinor - 6356752.3142) < 0.001 &&
    Math.abs(inverse - 298.2572) < 0.001 &&
    meridian === 0 &&
    [null, 8901].includes(codeIn(keys, 'GeogPrimeMeridianGeoKey')) &&
    !('GeogTOWGS84GeoKey' in keys)
  )
}

/** EPSG's code of a UTM zone on WGS 84 that is described by its parameters, as HLS does. */
function utmCode(keys: GeoKeys): number | null {
  const projection = codeIn(keys, 'ProjectionGeoKey')
  if (projection !== null) {
    if ('ProjCoordTransGeoKey' in keys) return null
    const [series, zone] = [Math.floor(projection / 100), projection % 100]
    const isUtm = (series === 160 || series === 161) && zone >= 1 && zone <= 60
    return isUtm ? (series === 160 ? 32600 : 32700) + zone : null
  }
  if (codeIn(keys, 'ProjCoordTransGeoKey') !== TRANSVERSE_MERCATOR) return null
  const [lat, lon, scale, easting, northing] = [
    'ProjNatOriginLatGeoKey',
    'ProjNatOriginLongGeoKey',
    'ProjScaleAtNatOriginGeoKey',
    'ProjFalseEastingGeoKey',
    'ProjFalseNorthingGeoKey',
  ].map((name) => numberIn(keys, name))
  const zone = ((lon ?? Number.NaN) + 183) / 6
  const isZone = Number.isInteger(zone) && zone >= 1 && zone <= 60
  if (!isZone || lat !== 0 || scale !== 0.9996 || easting !== 500_000) return null
  if (northing === 0) return 32600 + zone
  return northing === 10_000_000 ? 32700 + zone : null
}
