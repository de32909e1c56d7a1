// The CRS of a raster, opened: what it is called, how places get into it, and how well they are placed.

import { GreenprintError } from '../../errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { MapAxis } from '../../model/map-axis.ts'
import { goesOn, withinEdges } from '../goes-on.ts'
import { loadProj, type Proj } from '../proj.ts'
import { ProjError } from '../proj-module.ts'
import { type DatumShift, datumShiftAt, missingGridAt, projProjection } from '../proj-projection.ts'
import { loadProj4, proj4Projection } from '../proj4.ts'
import type { Projection } from '../projection.ts'
import { axesOf } from './axes.ts'
import { readCitations } from './citations.ts'
import { type CommonCrs, commonGeographic, commonProjected } from './common-crs.ts'
import { commonCrsOf } from './common-keys.ts'
import { type KeysReading, readKeys } from './crs-of-keys.ts'
import { codeIn, type GeoKeys, isProjected, UnreadableKeys } from './geo-keys.ts'
import { computableOf } from './known-base.ts'
import { type Projjson, parseProjjson, unboundOf, unitOf } from './projjson.ts'
import { impossibleScale } from './scale.ts'

export interface Crs {
  /** `EPSG:<code>` or that of another authority; null where only a definition tells what it is. */
  readonly code: string | null
  readonly name: string
  /** What PROJ reads: the code, WKT or PROJJSON. */
  readonly definition: string
  /** Degrees in one unit of its coordinates, where they are longitudes and latitudes; null where they are a map's. */
  readonly degrees: number | null
  /** Of a raster: along its rows, then along its columns. */
  readonly axes: readonly [x: MapAxis, y: MapAxis]
  readonly projection: Projection
  readonly warnings: readonly string[]
  /** Whether the GeoKeys that it was read from say it to everyone. */
  readonly isCommon: boolean
  /** The definition in full; null where the code is enough. */
  describe(): CrsTexts | null
  /** What is to be said of the datum at a place (longitude, latitude); null where nothing is. */
  datumWarning(place: readonly [lon: number, lat: number]): string | null
}

/** A definition in the forms that others read; null where one of them cannot say it. */
export interface CrsTexts {
  readonly wkt2: string | null
  readonly projjson: JsonObject | null
  /** WKT of ESRI's dialect, which GDAL reads in a GeoTIFF's citation. */
  readonly esri: string | null
}

/**
 * @param keys the GeoKeys of a GeoTIFF
 * @returns null where they name no CRS
 * @throws {GreenprintError} `raster_unusable` where they name one that cannot be used
 */
export async function crsOfKeys(keys: GeoKeys): Promise<Crs | null> {
  const common = commonCrsOf(keys)
  if (common !== null) return openCommon(common)
  const proj = await loadProj()
  return refusing(nameOfKeys(keys), () => {
    const reading = readKeys(keys, proj)
    return reading === null ? null : openByProj(reading, proj)
  })
}

/** OGC's codes for longitude before latitude, in which a raster counts whatever its code says. */
const inLonLat: Readonly<Record<string, string>> = {
  'OGC:CRS84': 'EPSG:4326',
  'OGC:CRS84H': 'EPSG:4326',
  'OGC:CRS83': 'EPSG:4269',
  'OGC:CRS27': 'EPSG:4267',
}

/**
 * @param given a code with its authority, WKT or PROJJSON
 * @throws {GreenprintError} `raster_unusable` where it cannot be used
 */
export async function crsOfDefinition(given: string): Promise<Crs> {
  const definition = inLonLat[given.toUpperCase()] ?? given
  const epsg = Number(/^EPSG:(\d+)$/i.exec(definition)?.[1] ?? 0)
  const common = commonProjected(epsg) ?? commonGeographic(epsg)
  if (common !== null) return openCommon(common)
  const proj = await loadProj()
  return refusing(quoted(definition), () =>
    openByProj({ definition, warnings: [], isCommon: false }, proj),
  )
}

/** Accuracies up to this are not told: GPS itself and the drift of continents are no better. */
const TOLD_FROM_METRES = 1

const commonAxes = {
  geographic: [
    { name: 'Longitude', unit: 'degree' },
    { name: 'Latitude', unit: 'degree' },
  ],
  projected: [
    { name: 'Easting', unit: 'metre' },
    { name: 'Northing', unit: 'metre' },
  ],
} as const

async function openCommon({ code, name, kind, proj4, shift }: CommonCrs): Promise<Crs> {
  const found = proj4Projection(proj4, await loadProj4())
  const warning =
    shift === null || shift.accuracy <= TOLD_FROM_METRES
      ? null
      : shiftWarning(code, { ...shift, isInArea: true, missingGrid: null })
  return {
    code,
    name,
    definition: code,
    degrees: kind === 'geographic' ? 1 : null,
    axes: commonAxes[kind],
    projection: kind === 'projected' ? goesOn(found) : found,
    warnings: [],
    isCommon: true,
    describe: () => null,
    datumWarning: () => warning,
  }
}

function openByProj({ definition: given, warnings, isCommon }: KeysReading, proj: Proj): Crs {
  const { name, code, kind, body } = proj.facts(given)
  if (body !== 'Earth') throw new UnreadableKeys(`lies on another body than Earth (${body})`)
  if (kind === 'other') throw new UnreadableKeys(`("${name}") is no map: it is not horizontal`)
  // PROJ's own texts have numbers for codes; it throws for others.
  if (code !== null && !/:\d+$/.test(code)) {
    throw new UnreadableKeys(`("${name}") has a code in words; give EPSG's code or WKT for it`)
  }
  const definition = computableOf(given, proj)
  const projection = projProjection(definition, proj)
  if (projection === null) throw new UnreadableKeys(`("${name}") has no way to WGS 84 in PROJ`)
  const projjson = parseProjjson(proj.projjson(definition))
  const eastFirst = unboundOf(parseProjjson(proj.projjsonEastFirst(definition)) ?? projjson ?? {})
  const unit = unitOf(eastFirst)?.conversion_factor ?? 1
  const scale = impossibleScale(eastFirst)
  if (scale !== null) throw new UnreadableKeys(`("${name}") has a scale factor of ${scale}`)
  const told = isEllipsoidalEquidistant(projjson) ? [...warnings, ELLIPSOIDAL] : warnings
  return {
    code,
    name,
    definition,
    degrees: kind === 'geographic' ? (unit * 180) / Math.PI : null,
    axes: axesOf(eastFirst),
    projection: kind === 'projected' ? withinEdges(projection, unit) : projection,
    warnings: told,
    isCommon,
    describe: () => textsOf(definition, proj),
    datumWarning: (place) => datumWarning(code ?? `"${name}"`, definition, place, proj),
  }
}

function textsOf(definition: string, proj: Proj): CrsTexts {
  const projjson: unknown = JSON.parse(proj.projjson(definition) ?? 'null')
  return {
    wkt2: proj.wkt(definition, 'WKT2:2019'),
    projjson: isJsonObject(projjson) ? projjson : null,
    // PROJ throws where that dialect has no word for the method.
    esri: attempt(() => proj.wkt(definition, 'ESRI'), null),
  }
}

function attempt<T>(ask: () => T, otherwise: T): T {
  try {
    return ask()
  } catch (error) {
    if (error instanceof ProjError) return otherwise
    throw error
  }
}

const ELLIPSOIDAL =
  'Equidistant Cylindrical follows the ellipsoid, as in PROJ since 9.8; files made by earlier versions lie up to 25 km away'

/** EPSG:1028, and its spherical forms 1029 and 9823, on what is not a sphere. */
function isEllipsoidalEquidistant(crs: Projjson | null): boolean {
  const text = JSON.stringify(crs ?? {})
  return (
    /"method":\{[^}]*"code":(1028|1029|9823)\b/.test(text.replace(/\s/g, '')) &&
    !text.includes('"radius"')
  )
}

function datumWarning(
  name: string,
  definition: string,
  place: readonly [lon: number, lat: number],
  proj: Proj,
): string | null {
  const shift = attempt(() => datumShiftAt(definition, place, proj), unknownShift)
  if (shift === null) return null
  if (shift.isInArea && shift.accuracy !== null && shift.accuracy <= TOLD_FROM_METRES) return null
  const missingGrid = attempt(() => missingGridAt(definition, place, proj), null)
  return shiftWarning(name, { ...shift, missingGrid })
}

/** PROJ throws among the candidates for some datums that move with the continents. */
const unknownShift = { name: 'unknown', accuracy: null, isInArea: true }

function shiftWarning(
  crs: string,
  shift: DatumShift & { readonly missingGrid: string | null },
): string {
  const name = shift.name.split(' + ')[0]
  const how =
    shift.accuracy === null
      ? 'its datum is unknown and taken as WGS 84, so places may be off by up to hundreds of metres'
      : shift.isInArea
        ? `places are good to ${shift.accuracy} m, by the datum shift "${name}"`
        : `nobody knows how good places are here, outside of the area of the datum shift "${name}"`
  const grid = shift.missingGrid === null ? '' : ` (the grid ${shift.missingGrid} is not here)`
  return `${crs}: ${how}${grid}`
}

/** Whatever PROJ says against a definition becomes a refusal that names it. */
function refusing<T>(name: string, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    if (cause instanceof GreenprintError) throw cause
    const said = cause instanceof Error ? cause.message : String(cause)
    // What C++ says of a code that is no number, in a part of the definition.
    const why = said === 'stoi: no conversion' ? 'a part has a code in words' : said
    const message =
      cause instanceof UnreadableKeys
        ? `The CRS ${name} ${why}.`
        : `The CRS ${name} is not known here: PROJ says "${why.slice(0, 200)}".`
    throw new GreenprintError('raster_unusable', message, { cause })
  }
}

function nameOfKeys(keys: GeoKeys): string {
  const code = codeIn(keys, 'ProjectedCSTypeGeoKey')
  if (code !== null) return `EPSG:${code}`
  const geographic = isProjected(keys) ? null : codeIn(keys, 'GeographicTypeGeoKey')
  if (geographic !== null) return `EPSG:${geographic}`
  const { quoted: said } = readCitations(keys)
  return said === '' ? 'that the GeoKeys describe' : `that the GeoKeys describe (${said})`
}

function quoted(definition: string): string {
  return definition.length < 40 ? definition : `${definition.slice(0, 40)}…`
}
