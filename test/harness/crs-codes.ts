// Every CRS of PROJ's database through ours, against pyproj that reads the same database (fixtures/crs/codes.json.gz).

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { GreenprintError } from '../../lib/errors.ts'
import { commonGeographic, commonProjected } from '../../lib/geo/crs/common-crs.ts'
import { type Crs, crsOfDefinition } from '../../lib/geo/crs/crs.ts'

type Place = readonly [x: number, y: number] | null
type Area = readonly [west: number, south: number, east: number, north: number]

/** A code with nine places, or with PROJ's reason for having none. */
export type CodeRow =
  | readonly [code: string, area: Area | null, accuracy: number | null, places: readonly Place[]]
  | readonly [code: string, area: null, why: string]

export type Verdict = 'equal' | 'datum shift told' | 'as newer PROJ' | 'refused by name' | 'wrong'

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
/**
 * PROJ 9.9 differs from the 9.5 of pyproj in two kinds of datum shift: EPSG's accuracy of 999 m means that nobody knows
 * it, so that another shift is taken; and large rotations are no longer approximated.
 */
const NEWER = 100
const fullMatrix = /Saba|Eustatius|Bonaire/
/** As ESRI has it since PROJ 9.6, larger by the root of two. */
const ADAMS = 'ESRI:54098'
const WORLD: Area = [-180, -90, 180, 90]

export async function judge(row: CodeRow): Promise<{ verdict: Verdict; why: string }> {
  const [code] = row
  let crs: Crs
  try {
    crs = await crsOfDefinition(code)
  } catch (error) {
    if (!(error instanceof GreenprintError) || !error.message.includes(code)) throw error
    return { verdict: 'refused by name', why: error.message }
  }
  // ESRI's negative scales are south-oriented grids, which PROJ 9.5 refuses.
  if (row.length === 3 && row[2].includes('k/k_0')) return { verdict: 'as newer PROJ', why: '' }
  if (row.length === 3) return { verdict: 'wrong', why: `opened, though pyproj says ${row[2]}` }
  const [, area, accuracy, expected] = row
  const places = ninePlaces(area ?? WORLD)
  if (code === ADAMS) return { verdict: 'as newer PROJ', why: '' }
  const isNewer = accuracy === 999 || fullMatrix.test(crs.name)
  const tolerance = isNewer ? NEWER : isProj4(crs) ? EQUAL_TO_PROJ4 : EQUAL_TO_PROJ
  for (const [at, place] of expected.entries()) {
    if (place === null) continue
    const [lon, lat] = places[at] ?? [0, 0]
    const [x, y] = crs.projection.forward(lon, lat)
    const metres = metresOf(crs)
    const off = Math.hypot(x - place[0], y - place[1]) * metres
    if (!(off <= tolerance)) {
      return {
        verdict: 'wrong',
        why: `${off} m off at ${lon}, ${lat}: ${x}, ${y} is not ${place.join(', ')}`,
      }
    }
    const lost = isNewer ? null : comesBack(crs, [lon, lat], place, accuracy === null ? 0.1 : 2000)
    if (lost !== null) return { verdict: 'wrong', why: lost }
  }
  const told = places.some(
    ([lon, lat], at) => expected[at] !== null && crs.datumWarning([lon, lat]) !== null,
  )
  if (isNewer) return { verdict: 'as newer PROJ', why: '' }
  const isTold = accuracy !== null && (accuracy < 0 || accuracy > 1)
  if (isTold && !told) return { verdict: 'wrong', why: `accuracy ${accuracy} is not told` }
  return { verdict: told ? 'datum shift told' : 'equal', why: '' }
}

/** proj4 carries the common ones: they need not load PROJ. */
function isProj4({ definition }: Crs): boolean {
  const epsg = Number(/^EPSG:(\d+)$/.exec(definition)?.[1] ?? 0)
  return (commonProjected(epsg) ?? commonGeographic(epsg)) !== null
}

/** Metres in one unit of its coordinates, about. */
function metresOf({ degrees }: Crs): number {
  return degrees === null ? 1 : degrees * 111_195
}

/** PROJ may choose another datum shift on the way back, where the areas of two meet. */
function comesBack(
  crs: Crs,
  [lon, lat]: readonly [number, number],
  [x, y]: readonly [number, number],
  tolerance: number,
): string | null {
  const [lon2, lat2] = crs.projection.inverse(x, y)
  const turn = Math.round((lon2 - lon) / 360) * 360
  const off =
    Math.hypot((lon2 - turn - lon) * Math.cos((lat * Math.PI) / 180), lat2 - lat) * 111_195
  return off <= tolerance
    ? null
    : `comes back ${off} m away: ${lon2}, ${lat2} is not ${lon}, ${lat}`
}
