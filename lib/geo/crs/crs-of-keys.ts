// What the GeoKeys of a GeoTIFF say about its CRS, as a definition that PROJ reads. The order is GDAL's.

import type { Proj } from '../proj.ts'
import { codeOfName, projjsonOfCode } from '../proj-registry.ts'
import { type BaseCrs, baseOf, unitIn } from './base-crs.ts'
import { withShift } from './bound-crs.ts'
import { type Citations, metresOf, readCitations } from './citations.ts'
import { isClose } from './ellipsoid.ts'
import { codeIn, type GeoKeys, isProjected, models, numberIn, UnreadableKeys } from './geo-keys.ts'
import { conversionOf, methodOf, parameterKeys } from './projection-methods.ts'
import {
  degree,
  eastNorth,
  isProjjson,
  metre,
  type Projjson,
  parseProjjson,
  type Unit,
  unitOf,
  westSouth,
  withoutCode,
  withUnit,
} from './projjson.ts'

export interface KeysReading {
  /** A code with its authority, WKT or PROJJSON. */
  readonly definition: string
  readonly warnings: readonly string[]
  /** Whether GDAL reads the same keys so; else they must be written in other words. */
  readonly isCommon: boolean
}

/**
 * @returns null where the keys name no CRS at all
 * @throws {UnreadableKeys} where they name one that is not understood
 * @throws {Error} in PROJ's words for a code that its database lacks
 */
export function readKeys(keys: GeoKeys, proj: Proj): KeysReading | null {
  const citations = readCitations(keys)
  const code = codeIn(keys, 'ProjectedCSTypeGeoKey')
  if (code !== null) return ofProjectedCode(code, keys, citations, proj)
  if (citations.peString !== null) return inWords(citations.peString)
  if (keys['GTModelTypeGeoKey'] === models.geocentric) {
    throw new UnreadableKeys('is geocentric, so it has no map')
  }
  const isMap = isProjected(keys) || 'ProjCoordTransGeoKey' in keys || 'ProjectionGeoKey' in keys
  if (isMap) return ofProjectionKeys(keys, citations, proj)
  if (!isGeographic(keys)) return null
  // A model of its own, with a base that is geographic: the projection, if any, is in the words alone.
  if (keys['GTModelTypeGeoKey'] !== models.geographic) {
    const named = byName(citations, proj)
    if (named !== null) return named
    const [name] = citations.projectedNames
    if (name !== undefined && !isNameOfBase(name, keys, citations, proj))
      throw notUnderstood(citations)
  }
  const base = baseOf(keys, citations, proj)
  return definitionOf(base.projjson, base, keys, proj)
}

function plain(definition: string, warnings: readonly string[] = []): KeysReading {
  return { definition, warnings, isCommon: true }
}

/** By a citation, where GDAL goes by what stands beside it or by nothing. */
function inWords(definition: string): KeysReading {
  return { definition, warnings: [], isCommon: false }
}

function definitionOf(
  crs: Projjson,
  { code, warnings, isCommon }: Pick<BaseCrs, 'code' | 'warnings' | 'isCommon'>,
  keys: GeoKeys,
  proj: Proj,
): KeysReading {
  const definition = code ?? JSON.stringify(withShift(crs, keys, proj))
  return { definition, warnings, isCommon }
}

function isGeographic(keys: GeoKeys): boolean {
  return (
    keys['GTModelTypeGeoKey'] === models.geographic ||
    ['GeographicTypeGeoKey', 'GeogGeodeticDatumGeoKey', 'GeogEllipsoidGeoKey'].some(
      (name) => codeIn(keys, name) !== null,
    )
  )
}

/** Many writers add what the code says already; where they say something else, GDAL follows them, and so do we. */
function ofProjectedCode(
  code: number,
  keys: GeoKeys,
  citations: Citations,
  proj: Proj,
): KeysReading {
  const name = codeName(code)
  const crs = parseProjjson(proj.projjson(name))
  if (crs === null) throw new UnreadableKeys(`${name} has no definition`)
  const warnings: string[] = []
  const own = unitOf(crs) ?? metre
  const unit = linearUnit(keys, citations, proj) ?? own
  const withKeys = contradiction(name, crs, unit, keys, citations, proj)
  const changed = withKeys ?? crs
  if (withKeys !== null) {
    warnings.push(
      `the GeoKeys name ${name} and describe another projection or base beside it; the description is used, as GDAL does`,
    )
  }
  if (!isClose(unit.conversion_factor, own.conversion_factor, 1e-9)) {
    warnings.push(`the GeoKeys name ${name} and count in ${unit.name}, not in ${own.name}`)
    return plain(JSON.stringify(withUnit(changed, unit)), warnings)
  }
  const definition = withKeys === null ? name : JSON.stringify(withKeys)
  // GDAL asks EPSG alone for a code.
  return { definition, warnings, isCommon: code <= MOST_OF_EPSG }
}

const MOST_OF_EPSG = 32767

/** Codes above those of EPSG are ESRI's. */
function codeName(code: number): string {
  return code > MOST_OF_EPSG ? `ESRI:${code}` : `EPSG:${code}`
}

/** What the keys beside a code say, where that is not what the code says; null where they agree or say nothing. */
function contradiction(
  name: string,
  crs: Projjson,
  unit: Unit,
  keys: GeoKeys,
  citations: Citations,
  proj: Proj,
): Projjson | null {
  const described = codeIn(keys, 'ProjCoordTransGeoKey') !== null && hasParameters(keys)
  const based = codeIn(keys, 'GeographicTypeGeoKey') !== null
  if (!described && !based) return null
  const base = based ? baseOf(keys, citations, proj) : null
  const own = crs['base_crs']
  const angular = base?.angular ?? unitOf(isProjjson(own) ? own : null) ?? degree
  const conversion = described ? conversionByKeys(keys, angular, unit, proj) : crs['conversion']
  const other = { ...withoutCode(crs), base_crs: base?.projjson ?? own, conversion }
  return proj.isSame(name, JSON.stringify(other)) ? null : other
}

function hasParameters(keys: GeoKeys): boolean {
  return parameterKeys.some((name) => numberIn(keys, name) !== null)
}

function ofProjectionKeys(keys: GeoKeys, citations: Citations, proj: Proj): KeysReading | null {
  const mercator = webMercator(keys, citations)
  if (mercator !== null) return inWords(mercator)
  const isDescribed =
    codeIn(keys, 'ProjCoordTransGeoKey') !== null || codeIn(keys, 'ProjectionGeoKey') !== null
  if (!isDescribed) {
    const named = byName(citations, proj)
    if (named !== null || citations.quoted === '') return named
    throw notUnderstood(citations)
  }
  const base: BaseCrs = baseOf(keys, citations, proj)
  const unit = linearUnit(keys, citations, proj) ?? metre
  const conversion = conversionByKeys(keys, base.angular, unit, proj)
  const isSouth = codeIn(keys, 'ProjCoordTransGeoKey') === 27
  const crs = {
    type: 'ProjectedCRS',
    name: citations.projectedNames[0] ?? 'unnamed',
    base_crs: base.projjson,
    conversion,
    coordinate_system: isSouth ? westSouth(unit) : eastNorth(unit),
  }
  const isCommon = base.isCommon && isCommonMethod(keys, base.angular)
  return definitionOf(crs, { code: null, warnings: base.warnings, isCommon }, keys, proj)
}

function conversionByKeys(keys: GeoKeys, angular: Unit, linear: Unit, proj: Proj): unknown {
  const coordTrans = codeIn(keys, 'ProjCoordTransGeoKey')
  if (coordTrans !== null) {
    const method = methodOf(coordTrans, keys, angular)
    if (method === null) {
      throw new UnreadableKeys(`has the projection method ${coordTrans}, which PROJ does not know`)
    }
    const azimuth = unitIn(keys, 'GeogAzimuthUnitsGeoKey', '', proj) ?? degree
    return conversionOf(method, keys, { angular, azimuth, linear })
  }
  const code = codeIn(keys, 'ProjectionGeoKey') ?? 0
  const conversion = parseProjjson(projjsonOfCode('operation', code, proj))
  if (conversion?.['type'] !== 'Conversion') {
    throw new UnreadableKeys(`has the projection ${code}, which is not one of EPSG's`)
  }
  return conversion
}

function isCommonMethod(keys: GeoKeys, angular: Unit): boolean {
  const coordTrans = codeIn(keys, 'ProjCoordTransGeoKey')
  return coordTrans === null || methodOf(coordTrans, keys, angular)?.isUncommon !== true
}

/** What the words of a citation say before the keys are asked, as ERDAS means it. */
function linearUnit(keys: GeoKeys, citations: Citations, proj: Proj): Unit | null {
  const words = citations.linearUnit
  const metres = words === null ? null : metresOf(words)
  if (words !== null && metres !== null) {
    return { type: 'LinearUnit', name: words, conversion_factor: metres }
  }
  const unit = unitIn(keys, 'ProjLinearUnitsGeoKey', 'ProjLinearUnitSizeGeoKey', proj)
  return unit === null ? null : { ...unit, type: 'LinearUnit' }
}

/** Writers of Web Mercator describe Mercator on the ellipsoid, and name what they mean: 20 km lie between. */
function webMercator(keys: GeoKeys, { projectedNames }: Citations): string | null {
  const means =
    /web[ _]mercator|pseudo[ -_]mercator|popular visuali[sz]ation|^(?:(?!google).)*google.*mercator/i
  const isMercator = [null, 7].includes(codeIn(keys, 'ProjCoordTransGeoKey'))
  const isPlain = (numberIn(keys, 'ProjScaleAtNatOriginGeoKey') ?? 1) === 1
  const isCentred = (numberIn(keys, 'ProjNatOriginLongGeoKey', 'ProjCenterLongGeoKey') ?? 0) === 0
  if (codeIn(keys, 'ProjectionGeoKey') !== null) return null
  if (!isMercator || !isPlain || !isCentred) return null
  return projectedNames.some((name) => means.test(name)) ? 'EPSG:3857' : null
}

/** A CRS of which the file says nothing but its name. */
function byName(citations: Citations, proj: Proj): KeysReading | null {
  for (const name of citations.projectedNames) {
    const code = codeOfName(name, 'projected', proj)
    if (code !== null) return inWords(code)
  }
  return null
}

function isNameOfBase(name: string, keys: GeoKeys, citations: Citations, proj: Proj): boolean {
  if (name === citations.geographicName) return true
  const code = codeOfName(name, 'geographic', proj)
  return code !== null && code === `EPSG:${codeIn(keys, 'GeographicTypeGeoKey')}`
}

function notUnderstood({ quoted }: Citations): UnreadableKeys {
  return new UnreadableKeys(
    `has no code and no projection that is known here; it is called ${quoted}`,
  )
}
