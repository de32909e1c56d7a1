// The geographic CRS that GeoKeys name: by its code, its parts or its name, as PROJJSON.

import type { Proj } from '../proj.ts'
import { codeOfName, projjsonOfCode, unitOfCode } from '../proj-registry.ts'
import type { Citations } from './citations.ts'
import { ellipsoidAxes, ellipsoidOf, hasAxes, isClose, WGS84 } from './ellipsoid.ts'
import { codeIn, type GeoKeys, isUserDefined, numberIn, UnreadableKeys } from './geo-keys.ts'
import {
  degree,
  lonLat,
  type Projjson,
  parseProjjson,
  type Unit,
  unitOf,
  withoutCode,
} from './projjson.ts'

export interface BaseCrs {
  readonly projjson: Projjson
  /** `EPSG:<code>` where the keys say nothing beyond it. */
  readonly code: string | null
  /** Of its coordinates, and of the angles of a projection upon it. */
  readonly angular: Unit
  readonly warnings: readonly string[]
  /** Whether GDAL reads the same keys so. */
  readonly isCommon: boolean
}

/** @throws {Error} in PROJ's words for a code that its database lacks */
export function baseOf(keys: GeoKeys, citations: Citations, proj: Proj): BaseCrs {
  const warnings: string[] = []
  const code = codeOfBase(keys, citations, proj)
  const ofCode = code === null ? null : parseProjjson(proj.projjson(code))
  const angular = angularUnit(keys, ofCode, proj)
  const axes = ellipsoidAxes(keys, citations, proj)
  const plain = angular === null && (axes === null || hasAxes(ofCode, axes))
  if (ofCode !== null && plain) {
    return { projjson: ofCode, code, angular: unitOf(ofCode) ?? degree, warnings, isCommon: true }
  }
  if (axes !== null && !(axes.semiMajor > 0 && axes.semiMinor > 0)) {
    throw new UnreadableKeys(
      `has an ellipsoid with axes of ${axes.semiMajor} and ${axes.semiMinor} m`,
    )
  }
  const unit = angular ?? unitOf(ofCode) ?? degree
  if (ofCode !== null && (axes === null || hasAxes(ofCode, axes))) {
    return {
      projjson: { ...withoutCode(ofCode), coordinate_system: lonLat(unit) },
      code: null,
      angular: unit,
      warnings,
      // GDAL takes the unit of the code for the coordinates.
      isCommon: angular === null,
    }
  }
  if (axes === null) warnings.push('its GeoKeys name no datum and no ellipsoid: WGS 84 is taken')
  const projjson = {
    type: 'GeographicCRS',
    name: citations.geographicName ?? 'unknown',
    datum: {
      type: 'GeodeticReferenceFrame',
      name: citations.datumName ?? 'unknown',
      ellipsoid: ellipsoidOf(axes ?? WGS84, citations),
      prime_meridian: primeMeridian(keys, unit, proj),
    },
    coordinate_system: lonLat(unit),
  }
  return { projjson, code: null, angular: unit, warnings, isCommon: true }
}

/**
 * Datums 6001 to 6999 belong to the geographic CRS 2000 below: EPSG numbered them so. A few never had one.
 */
const withoutCrs = new Set([6647, 6648, 6649, 6650, 6651, 6652, 6653, 6654, 6655, 6656, 6747])

function codeOfBase(keys: GeoKeys, citations: Citations, proj: Proj): string | null {
  const code = codeIn(keys, 'GeographicTypeGeoKey')
  if (code !== null) return `EPSG:${code}`
  const datum = codeIn(keys, 'GeogGeodeticDatumGeoKey')
  if (datum !== null && datum > 6000 && datum < 7000 && !withoutCrs.has(datum)) {
    return `EPSG:${datum - 2000}`
  }
  // A name is enough where nothing speaks against it: its ellipsoid is compared by the caller.
  if (isUserDefined(keys, 'GeogPrimeMeridianGeoKey')) return null
  for (const name of [citations.geographicName, citations.datumName]) {
    const found = name === null ? null : codeOfName(name, 'geographic', proj)
    if (found !== null) return found
  }
  return null
}

/** Where the keys name a unit other than that of the code. */
function angularUnit(keys: GeoKeys, ofCode: Projjson | null, proj: Proj): Unit | null {
  const unit = unitIn(keys, 'GeogAngularUnitsGeoKey', 'GeogAngularUnitSizeGeoKey', proj)
  const own = unitOf(ofCode) ?? degree
  if (unit === null || isClose(unit.conversion_factor, own.conversion_factor, 1e-9)) return null
  return unit
}

/** An angular unit by its code, or by its size in radians. */
export function unitIn(keys: GeoKeys, codeKey: string, sizeKey: string, proj: Proj): Unit | null {
  const code = codeIn(keys, codeKey)
  const known = code === null ? null : unitOfCode(code, proj)
  if (known !== null) {
    return { type: 'AngularUnit', name: known.name, conversion_factor: known.size }
  }
  const size = numberIn(keys, sizeKey)
  if (!isUserDefined(keys, codeKey) || size === null || !(size > 0)) return null
  return { type: 'AngularUnit', name: 'unknown', conversion_factor: size }
}

function primeMeridian(keys: GeoKeys, angular: Unit, proj: Proj): Projjson {
  const code = codeIn(keys, 'GeogPrimeMeridianGeoKey')
  const known = code === null ? null : parseProjjson(projjsonOfCode('primeMeridian', code, proj))
  if (known !== null) return { name: known['name'], longitude: known['longitude'] }
  const value = numberIn(keys, 'GeogPrimeMeridianLongGeoKey') ?? 0
  return { name: value === 0 ? 'Greenwich' : 'unknown', longitude: { value, unit: angular } }
}
