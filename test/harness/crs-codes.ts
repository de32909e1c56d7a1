// Every CRS of PROJ's database through ours, against pyproj that reads the same database (fixtures/crs/codes.json.gz).

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { GreenprintError } from '../../lib/errors.ts'
import { commonGeographic, commonProjected } from '../../lib/geo/crs/common-crs.ts'
import { type Crs, crsOfDefinition } from '../../lib/geo/crs/crs.ts'
import { documentAt } from './markdown.ts'

/** What docs/limits.md tells of an authority: its codes, and the verdicts on them. */
export interface DocumentedVerdicts {
  readonly authority: string
  readonly codes: number
  readonly verdicts: Readonly<Record<Verdict, number>>
}

export function documentedVerdicts(): readonly DocumentedVerdicts[] {
  const { lines } = documentAt('docs/limits.md')
  return lines.flatMap(({ text }) => {
    const [, authority, ...cells] = text.split('|').map((cell) => cell.trim())
    if (authority === undefined || !/^(EPSG|ESRI|IAU_2015|IGNF|NKG|OGC|PROJ)$/.test(authority))
      return []
    const [codes = 0, equal = 0, told = 0, refused = 0, though = 0, wrong = 0] = cells.map((cell) =>
      Number(cell.replaceAll(',', '')),
    )
    const verdicts = {
      equal,
      'datum shift told': told,
      refused,
      'refused, PROJ has it': though,
      wrong,
    }
    return [{ authority, codes, verdicts }]
  })
}

type Place = readonly [x: number, y: number] | null
type Area = readonly [west: number, south: number, east: number, north: number]

/** A code with nine places, or with PROJ's reason for having none. */
export type CodeRow =
  | readonly [
      code: string,
      area: Area | null,
      accuracy: number | null,
      places: readonly Place[],
      astray: Readonly<Record<number, Place>>,
    ]
  | readonly [code: string, area: null, why: string]

export type Verdict = 'equal' | 'datum shift told' | 'refused, PROJ has it' | 'refused' | 'wrong'

/** Why a CRS that PROJ places is refused: each said in docs/limits.md. */
const reasons =
  /another body than Earth|code in words|scale factor of 0\.000001|PROJ says "Unimplemented|source coordinate epoch is missing/
/** PROJ computes these one way only. */
const oneWay = new Set(['ESRI:53076', 'ESRI:54076'])

/**
 * PROJ's WebAssembly cannot write the shift of these moving datums, and takes them as WGS 84: so many metres off, and
 * a warning says that places may be off. As judged here, where a degree of longitude is as long as one of latitude: on
 * the ground the last is 0.34 m off.
 */
const unshifted: Readonly<Record<string, number>> = {
  'EPSG:7931': 0.02,
  'EPSG:9067': 0.02,
  'ESRI:104186': 0.9,
}

export function readCodes(): readonly CodeRow[] {
  const url = new URL('../fixtures/crs/codes.json.gz', import.meta.url)
  const { codes }: { readonly codes: readonly CodeRow[] } = JSON.parse(
    gunzipSync(readFileSync(url)).toString(),
  )
  return codes
}

/** The nine places of an area, a little inside: row by row from the north-west. */
function ninePlaces([west, south, east, north]: Area): (readonly [lon: number, lat: number])[] {
  const end = east < west ? east + 360 : east
  const shares = [0.1, 0.5, 0.9]
  return shares.flatMap((down) =>
    shares.map((across) => {
      const lon = west + (end - west) * across
      return [lon > 180 ? lon - 360 : lon, north + (south - north) * down] as const
    }),
  )
}

/** Metres. */
const EQUAL_TO_PROJ = 1e-3
const EQUAL_TO_PROJ4 = 0.1
/** Metres: places on the way back have nine decimals in the fixture. */
const ROUNDING = 2e-4
const WORLD: Area = [-180, -90, 180, 90]

export async function judge(row: CodeRow): Promise<{ verdict: Verdict; why: string }> {
  const [code] = row
  let crs: Crs
  try {
    crs = await crsOfDefinition(code)
  } catch (error) {
    if (!(error instanceof GreenprintError) || !error.message.includes(code)) throw error
    if (row.length === 3) return { verdict: 'refused', why: error.message }
    const isMeant = reasons.test(error.message) || oneWay.has(code)
    return { verdict: isMeant ? 'refused, PROJ has it' : 'wrong', why: error.message }
  }
  if (row.length === 3) return { verdict: 'wrong', why: `opened, though pyproj says ${row[2]}` }
  const [, area, accuracy, expected, astray] = row
  const places = ninePlaces(area ?? WORLD)
  const tolerance = unshifted[code] ?? (isProj4(crs) ? EQUAL_TO_PROJ4 : EQUAL_TO_PROJ)
  for (const [at, place] of expected.entries()) {
    if (place === null) continue
    const [lon, lat] = places[at] ?? [0, 0]
    const [x, y] = crs.projection.forward(lon, lat)
    const off = Math.hypot(x - place[0], y - place[1]) * metresOf(crs)
    if (!(off <= tolerance)) {
      return {
        verdict: 'wrong',
        why: `${off} m off at ${lon}, ${lat}: ${x}, ${y} is not ${place.join(', ')}`,
      }
    }
    const lost = comesBack(crs, [lon, lat], place, astray[at], tolerance)
    if (lost !== null) return { verdict: 'wrong', why: lost }
  }
  const told = places.some(
    ([lon, lat], at) => expected[at] !== null && crs.datumWarning([lon, lat]) !== null,
  )
  const isTold = (accuracy !== null && (accuracy < 0 || accuracy > 1)) || code in unshifted
  if (isTold && !told) return { verdict: 'wrong', why: `accuracy ${accuracy} is not told` }
  return { verdict: told ? 'datum shift told' : 'equal', why: '' }
}

/** proj4 carries the common ones: they need not load PROJ. */
function isProj4({ definition }: Crs): boolean {
  const epsg = Number(/^EPSG:(\d+)$/.exec(definition)?.[1] ?? 0)
  return (commonProjected(epsg) ?? commonGeographic(epsg)) !== null
}

/** Metres in one unit of its coordinates, about: a foot is taken for a metre. */
function metresOf({ degrees, axes }: Crs): number {
  if (degrees !== null) return degrees * 111_195
  const [{ unit }] = axes
  return unit === 'kilometre' ? 1000 : unit === 'millimetre' ? 0.001 : 1
}

/**
 * PROJ itself does not come back to a few places: it chooses another datum shift on the way back where the areas of two
 * meet, or answers with a place of which the coordinates are not. There no place is right as well.
 *
 * @param astray what PROJ gives, where that is another place
 */
function comesBack(
  crs: Crs,
  there: readonly [number, number],
  [x, y]: readonly [number, number],
  astray: Place | undefined,
  tolerance: number,
): string | null {
  const back = crs.projection.inverse(x, y)
  if (metresBetween(back, there) <= tolerance + ROUNDING) return null
  if (astray !== undefined) {
    if (!back.every(Number.isFinite)) return null
    if (astray !== null && metresBetween(back, astray) <= tolerance + ROUNDING) return null
  }
  const off = metresBetween(back, there)
  // Where a map folds, a rounded coordinate is more of ground.
  const [x2, y2] = crs.projection.forward(back[0], back[1])
  if (off < 1 && Math.hypot(x2 - x, y2 - y) * metresOf(crs) <= tolerance) return null
  return `comes back ${off} m away: ${back.join(', ')} is not ${there.join(', ')}`
}

function metresBetween([lon, lat]: readonly number[], [lon2 = 0, lat2 = 0]: readonly number[]) {
  const east = (((((lon ?? 0) - lon2) % 360) + 540) % 360) - 180
  return Math.hypot(east * Math.cos((lat2 * Math.PI) / 180), (lat ?? 0) - lat2) * 111_195
}
