// The projections of the GeoTIFF specification (ProjCoordTransGeoKey), each by EPSG's method and parameters.

import { type GeoKeys, numberIn } from './geo-keys.ts'
import { degree, metre, type Projjson, type Unit, unity } from './projjson.ts'

/** How one parameter of EPSG is read: the keys that writers put it under, in the order in which GDAL looks. */
interface Parameter {
  readonly name: string
  readonly epsg: number
  readonly keys: readonly string[]
  readonly kind: 'angle' | 'azimuth' | 'length' | 'scale'
  readonly otherwise: number
}

const LATITUDES = ['ProjNatOriginLatGeoKey', 'ProjFalseOriginLatGeoKey', 'ProjCenterLatGeoKey']
const LONGITUDES = ['ProjNatOriginLongGeoKey', 'ProjFalseOriginLongGeoKey', 'ProjCenterLongGeoKey']
const SCALES = ['ProjScaleAtNatOriginGeoKey', 'ProjScaleAtCenterGeoKey']
const EASTINGS = [
  'ProjFalseEastingGeoKey',
  'ProjCenterEastingGeoKey',
  'ProjFalseOriginEastingGeoKey',
]
const NORTHINGS = [
  'ProjFalseNorthingGeoKey',
  'ProjCenterNorthingGeoKey',
  'ProjFalseOriginNorthingGeoKey',
]

const angle = (epsg: number, name: string, keys: readonly string[]): Parameter => ({
  name,
  epsg,
  keys,
  kind: 'angle',
  otherwise: 0,
})
const length = (epsg: number, name: string, keys: readonly string[]): Parameter => ({
  name,
  epsg,
  keys,
  kind: 'length',
  otherwise: 0,
})
const scale = (epsg: number, name: string): Parameter => ({
  name,
  epsg,
  keys: SCALES,
  kind: 'scale',
  otherwise: 1,
})

const lat0 = angle(8801, 'Latitude of natural origin', LATITUDES)
const lon0 = angle(8802, 'Longitude of natural origin', LONGITUDES)
const k0 = scale(8805, 'Scale factor at natural origin')
const x0 = length(8806, 'False easting', EASTINGS)
const y0 = length(8807, 'False northing', NORTHINGS)
const centre = [
  angle(8811, 'Latitude of projection centre', LATITUDES),
  angle(8812, 'Longitude of projection centre', LONGITUDES),
]
const azimuth: Parameter = {
  name: 'Azimuth at projection centre',
  epsg: 8813,
  keys: ['ProjAzimuthAngleGeoKey'],
  kind: 'azimuth',
  otherwise: 0,
}
const skew: Parameter = {
  ...angle(8814, 'Angle from Rectified to Skew Grid', ['ProjRectifiedGridAngleGeoKey']),
  otherwise: 90,
}
const kc = scale(8815, 'Scale factor at projection centre')
const xc = length(8816, 'Easting at projection centre', EASTINGS)
const yc = length(8817, 'Northing at projection centre', NORTHINGS)
const latF = angle(8821, 'Latitude of false origin', LATITUDES)
const lonF = angle(8822, 'Longitude of false origin', LONGITUDES)
const lat1 = angle(8823, 'Latitude of 1st standard parallel', ['ProjStdParallel1GeoKey'])
const lat2 = angle(8824, 'Latitude of 2nd standard parallel', [
  'ProjStdParallel2GeoKey',
  'ProjStdParallel1GeoKey',
])
const xF = length(8826, 'Easting at false origin', EASTINGS)
const yF = length(8827, 'Northing at false origin', NORTHINGS)
const STRAIGHT = ['ProjStraightVertPoleLongGeoKey', ...LONGITUDES]

export interface Method {
  readonly name: string
  /** Where EPSG has a code for it; else PROJ knows the name. */
  readonly epsg?: number
  readonly parameters: readonly Parameter[]
  /** GDAL does not read these keys, or otherwise. */
  readonly isUncommon?: true
}

const natural = [lat0, lon0, x0, y0]
const world = [lon0, x0, y0]
const conic = [latF, lonF, lat1, lat2, xF, yF]

/** By ProjCoordTransGeoKey; 9815 is GDAL's addition. */
const methods: Readonly<Record<number, Method>> = {
  1: { name: 'Transverse Mercator', epsg: 9807, parameters: [lat0, lon0, k0, x0, y0] },
  3: {
    name: 'Hotine Oblique Mercator (variant A)',
    epsg: 9812,
    parameters: [...centre, azimuth, skew, kc, x0, y0],
  },
  4: { name: 'Laborde Oblique Mercator', epsg: 9813, parameters: [...centre, azimuth, kc, x0, y0] },
  // Rosenmund's projection of Switzerland is this one at an azimuth of 90 degrees.
  5: {
    name: 'Hotine Oblique Mercator (variant B)',
    epsg: 9815,
    parameters: [
      ...centre,
      { ...azimuth, keys: [], otherwise: 90 },
      { ...skew, keys: [] },
      kc,
      xc,
      yc,
    ],
    isUncommon: true,
  },
  8: { name: 'Lambert Conic Conformal (2SP)', epsg: 9802, parameters: conic },
  9: { name: 'Lambert Conic Conformal (1SP)', epsg: 9801, parameters: [lat0, lon0, k0, x0, y0] },
  10: { name: 'Lambert Azimuthal Equal Area', epsg: 9820, parameters: natural },
  11: { name: 'Albers Equal Area', epsg: 9822, parameters: conic },
  12: { name: 'Azimuthal Equidistant', epsg: 1125, parameters: natural },
  13: { name: 'Equidistant Conic', epsg: 1119, parameters: conic },
  14: { name: 'Stereographic', parameters: [lat0, lon0, k0, x0, y0] },
  16: { name: 'Oblique Stereographic', epsg: 9809, parameters: [lat0, lon0, k0, x0, y0] },
  17: {
    name: 'Equidistant Cylindrical',
    epsg: 1028,
    parameters: [lat1, ...natural],
  },
  18: { name: 'Cassini-Soldner', epsg: 9806, parameters: natural },
  19: { name: 'Gnomonic', parameters: natural },
  20: { name: 'Miller Cylindrical', parameters: world },
  21: { name: 'Orthographic', epsg: 9840, parameters: natural },
  22: { name: 'American Polyconic', epsg: 9818, parameters: natural },
  23: { name: 'Robinson', parameters: world },
  24: { name: 'Sinusoidal', parameters: world },
  25: { name: 'Van Der Grinten', parameters: world },
  26: { name: 'New Zealand Map Grid', epsg: 9811, parameters: natural },
  27: {
    name: 'Transverse Mercator (South Orientated)',
    epsg: 9808,
    parameters: [lat0, lon0, k0, x0, y0],
  },
  28: { name: 'Lambert Cylindrical Equal Area', epsg: 9835, parameters: [lat1, lon0, x0, y0] },
  9815: {
    name: 'Hotine Oblique Mercator (variant B)',
    epsg: 9815,
    parameters: [...centre, azimuth, skew, kc, xc, yc],
  },
}

const mercatorA: Method = {
  name: 'Mercator (variant A)',
  epsg: 9804,
  parameters: [lat0, lon0, k0, x0, y0],
}
const mercatorB: Method = {
  name: 'Mercator (variant B)',
  epsg: 9805,
  parameters: [lat1, lon0, x0, y0],
}
const polarA: Method = {
  name: 'Polar Stereographic (variant A)',
  epsg: 9810,
  parameters: [lat0, angle(8802, lon0.name, STRAIGHT), k0, x0, y0],
}
/** USGS and ESRI put the standard parallel under the latitude of the origin, as GDAL reads it. */
const polarB = (keys: readonly string[]): Method => ({
  name: 'Polar Stereographic (variant B)',
  epsg: 9829,
  parameters: [
    angle(8832, 'Latitude of standard parallel', keys),
    angle(8833, 'Longitude of origin', STRAIGHT),
    x0,
    y0,
  ],
})

/** Every number that a method may read: without one the keys describe nothing. */
export const parameterKeys = [
  ...new Set([
    ...Object.values(methods).flatMap(({ parameters }) => parameters.flatMap(({ keys }) => keys)),
    ...STRAIGHT,
  ]),
]

/** @returns null for a method that PROJ lacks, or that the specification does not have */
export function methodOf(coordTrans: number, keys: GeoKeys, angular: Unit): Method | null {
  if (coordTrans === 7) {
    return numberIn(keys, 'ProjStdParallel1GeoKey') === null ? mercatorA : mercatorB
  }
  if (coordTrans === 15) return polarStereographic(keys, angular)
  return methods[coordTrans] ?? null
}

function polarStereographic(keys: GeoKeys, { conversion_factor: radians }: Unit): Method {
  const latitude = (numberIn(keys, ...LATITUDES) ?? 0) * radians
  if (Math.abs(Math.abs(latitude) - Math.PI / 2) > 1e-9) return polarB(LATITUDES)
  const parallel = numberIn(keys, 'ProjStdParallel1GeoKey')
  const scaled = numberIn(keys, ...SCALES)
  return parallel !== null && (scaled === null || scaled === 1)
    ? { ...polarB(['ProjStdParallel1GeoKey']), isUncommon: true }
    : polarA
}

const defaultUnits = { angle: degree, azimuth: degree, length: metre, scale: unity } as const

/** PROJJSON of the conversion whose parameters stand under the keys. */
export function conversionOf(
  method: Method,
  keys: GeoKeys,
  units: { readonly angular: Unit; readonly azimuth: Unit; readonly linear: Unit },
): Projjson {
  const unitOf = {
    angle: units.angular,
    azimuth: units.azimuth,
    length: units.linear,
    scale: unity,
  } as const
  return {
    type: 'Conversion',
    name: 'unnamed',
    method: { name: method.name, ...identified(method.epsg) },
    parameters: method.parameters.map((parameter) => {
      const value = numberIn(keys, ...parameter.keys)
      const unit = value === null ? defaultUnits[parameter.kind] : unitOf[parameter.kind]
      return {
        name: parameter.name,
        value: value ?? parameter.otherwise,
        unit,
        ...identified(parameter.epsg),
      }
    }),
  }
}

function identified(code: number | undefined): Projjson {
  return code === undefined ? {} : { id: { authority: 'EPSG', code } }
}
