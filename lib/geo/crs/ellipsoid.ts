// The ellipsoid that GeoKeys name: half axes in metres.

import type { Proj } from '../proj.ts'
import { projjsonOfCode } from '../proj-registry.ts'
import type { Citations } from './citations.ts'
import { codeIn, type GeoKeys, numberIn } from './geo-keys.ts'
import { isProjjson, type Projjson, parseProjjson } from './projjson.ts'

export interface Axes {
  readonly semiMajor: number
  readonly semiMinor: number
}

export const WGS84: Axes = { semiMajor: 6378137, semiMinor: 6378137 * (1 - 1 / 298.257223563) }

/** What the keys say of the ellipsoid, by its code, its size or its name; null where they say nothing. */
export function ellipsoidAxes(keys: GeoKeys, citations: Citations, proj: Proj): Axes | null {
  const code = codeIn(keys, 'GeogEllipsoidGeoKey')
  const known =
    code === null ? null : axesOf(parseProjjson(projjsonOfCode('ellipsoid', code, proj)))
  const semiMajor = numberIn(keys, 'GeogSemiMajorAxisGeoKey')
  if (semiMajor === null) return known ?? namedEllipsoid(citations)
  const inverse = numberIn(keys, 'GeogInvFlatteningGeoKey')
  const semiMinor = numberIn(keys, 'GeogSemiMinorAxisGeoKey')
  if (inverse !== null) {
    return { semiMajor, semiMinor: inverse === 0 ? semiMajor : semiMajor * (1 - 1 / inverse) }
  }
  return { semiMajor, semiMinor: semiMinor ?? known?.semiMinor ?? semiMajor }
}

/** ERDAS writes some in words alone. */
function namedEllipsoid({ ellipsoidName }: Citations): Axes | null {
  const name = ellipsoidName?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? ''
  const known: readonly (readonly [name: string, semiMajor: number, semiMinor: number])[] = [
    ['clarke1866', 6378206.4, 6356583.8],
    ['clarke1880', 6378249.145, 6356514.869549776],
    ['wgs84', WGS84.semiMajor, WGS84.semiMinor],
    ['wgs72', 6378135, 6356750.520016094],
    ['grs1980', 6378137, 6356752.314140356],
    ['grs80', 6378137, 6356752.314140356],
    ['international1909', 6378388, 6356911.946127946],
    ['international1924', 6378388, 6356911.946127946],
    ['bessel', 6377397.155, 6356078.962818189],
    ['bessel1841', 6377397.155, 6356078.962818189],
    ['krasovsky', 6378245, 6356863.018773047],
    ['krassovsky', 6378245, 6356863.018773047],
    ['airy', 6377563.396, 6356256.909237285],
    ['everest', 6377276.345, 6356075.41314024],
    ['sphereofradius6370997m', 6370997, 6370997],
  ]
  const found = known.find(([key]) => key === name)
  return found === undefined ? null : { semiMajor: found[1], semiMinor: found[2] }
}

/** Whether a geographic CRS stands on such an ellipsoid. */
export function hasAxes(geographic: Projjson | null, { semiMajor, semiMinor }: Axes): boolean {
  const datum = geographic?.['datum'] ?? geographic?.['datum_ensemble']
  const own = isProjjson(datum) ? axesOf(datum['ellipsoid']) : null
  if (own === null) return false
  return isClose(own.semiMajor, semiMajor, 1e-8) && isClose(own.semiMinor, semiMinor, 1e-8)
}

function axesOf(ellipsoid: unknown): Axes | null {
  if (!isProjjson(ellipsoid)) return null
  const [major, minor, inverse, radius] = [
    'semi_major_axis',
    'semi_minor_axis',
    'inverse_flattening',
    'radius',
  ].map((name) => metresIn(ellipsoid[name]))
  if (radius !== undefined) return { semiMajor: radius, semiMinor: radius }
  if (major === undefined) return null
  if (minor !== undefined) return { semiMajor: major, semiMinor: minor }
  return { semiMajor: major, semiMinor: inverse ? major * (1 - 1 / inverse) : major }
}

/** A number, or one with its unit. */
function metresIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (!isProjjson(value)) return undefined
  const { value: count, unit } = value
  const size = isProjjson(unit) ? unit['conversion_factor'] : 1
  return typeof count === 'number' && typeof size === 'number' ? count * size : undefined
}

export function ellipsoidOf(
  { semiMajor, semiMinor }: Axes,
  { ellipsoidName }: Citations,
): Projjson {
  const name = ellipsoidName ?? 'unknown'
  if (isClose(semiMajor, semiMinor, 1e-12)) return { name, radius: semiMajor }
  return { name, semi_major_axis: semiMajor, semi_minor_axis: semiMinor }
}

/** @param tolerance as a share */
export function isClose(one: number, other: number, tolerance: number): boolean {
  return Math.abs(one - other) <= tolerance * Math.abs(other)
}
