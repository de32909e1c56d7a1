// The pixel that holds a place: its value, the numbers it is made of, and the blocks that hold them.

import type { Level } from '../cog/cog.ts'
import { readSamples, tilesFor } from '../cog/rows.ts'
import { GreenprintError } from '../errors.ts'
import { longitudeNear, normalizeLongitude } from '../geo/longitude.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import type { NoValue, PointBand, PointResult } from '../model/point.ts'
import type { LinearScale } from '../model/radiometry.ts'
import { axisOf } from '../pixels/axis.ts'
import { qaTable } from '../pixels/qa.ts'
import { placeQa } from '../pixels/qa-placement.ts'
import { scanNdvi } from '../pixels/scan.ts'
import type { Window } from '../pixels/window.ts'
import { type MaskChoice, withNodata } from '../products/mask-rules.ts'
import type { MapRaster } from './map-raster.ts'
import type { OpenedResult, OpenedScene } from './map-services.ts'
import type { OpenBand } from './open-bands.ts'

/** Longitude and latitude, degrees of WGS 84. */
export type Place = readonly [lon: number, lat: number]

interface Pixel {
  readonly row: number
  readonly col: number
  /** Its centre. */
  readonly lon: number
  readonly lat: number
}

/** @throws {GreenprintError} `outside_scene` with the scene's bounds; `raster_unusable`, `content_unavailable` */
export async function readScenePoint(
  opened: OpenedScene,
  masking: MaskChoice | null,
  place: Place,
  signal: AbortSignal,
): Promise<PointResult> {
  const pixel = pixelAt(opened, place)
  const { red, nir, qa } = opened.bands
  const window = windowOf(opened, pixel)
  const placed =
    qa === null || masking === null
      ? null
      : {
          placement: await placeQa(window, qa.cog, signal),
          table: qaTable(withNodata(masking, qa.cog.nodata)),
        }
  const { radiometry, pixels: rules } = opened.applied
  const selection = { polygon: null, qa: placed }
  let [value, reason]: [number | null, NoValue | null] = [null, null]
  for await (const { values, tally } of scanNdvi(window, rules, selection, signal)) {
    const [one = Number.NaN] = values
    if (Number.isFinite(one)) value = one + 0
    else reason = reasons.find((name) => tally[name] > 0) ?? null
  }
  const inQa = placed?.placement
  const at = { row: pixel.row, col: pixel.col }
  const bands: Record<string, PointBand> = {
    red: await readBand(red, window.red, at, radiometry.red, signal),
    nir: await readBand(nir, window.nir, at, radiometry.nir, signal),
  }
  const [row, col] = [inQa?.rows.slice(0, 1), inQa?.cols.slice(0, 1)]
  const isReached = row?.reached[0] === 1 && col?.reached[0] === 1
  if (qa !== null && inQa !== undefined && isReached) {
    const there = { row: row.positions[0] ?? 0, col: col.positions[0] ?? 0 }
    bands['qa'] = await readBand(qa, inQa.level, there, null, signal)
  }
  await opened.checkUnchanged()
  const { scene, trust, warnings } = opened
  return { value, reason, pixel, scene: scene.id, bands, trust, warnings }
}

const reasons: readonly NoValue[] = ['fill', 'saturation', 'mask', 'denominator']

/** @throws {GreenprintError} `outside_scene` with the result's bounds; `raster_unusable`, `content_unavailable` */
export async function readResultPoint(
  opened: OpenedResult,
  place: Place,
  signal: AbortSignal,
): Promise<PointResult> {
  const pixel = pixelAt(opened, place)
  const { cog, file, trust, quantity } = opened
  const [level] = cog.levels
  const raw = await sampleAt(level, pixel, signal)
  const leaves = await leavesAt(file, level, pixel, signal)
  const value = Number.isFinite(raw) ? raw : null
  const band = { raw: value, reflectance: null, trust, cid: file.cid.toString(), leaves }
  const bands = { [quantity]: band }
  return { value, reason: null, pixel, scene: null, bands, trust, warnings: [] }
}

function pixelAt(
  { grid, projection, ownLongitude, footprint }: MapRaster,
  [lon, lat]: Place,
): Pixel {
  const [a, , c, , e, f] = grid.transform
  const [rows, cols] = grid.shape
  const own = longitudeNear(lon, ownLongitude)
  // The last meridian of a raster around the globe is its first.
  const places = [own, own - 360].map((each) => {
    const [x, y] = projection.forward(each, lat)
    return { col: Math.floor((x - c) / a), row: Math.floor((y - f) / e) }
  })
  const held = places.find(({ col, row }) => col >= 0 && col < cols && row >= 0 && row < rows)
  if (held === undefined) throw outside([lon, lat], footprint.bbox)
  const { col, row } = held
  const [east, north] = projection.inverse(c + (col + 0.5) * a, f + (row + 0.5) * e)
  const degrees = (value: number) => Number(value.toFixed(7))
  return { row, col, lon: degrees(normalizeLongitude(east)), lat: degrees(north) }
}

function outside(place: Place, bbox: readonly number[]): GreenprintError {
  const box = bbox.map((value) => Number(value.toFixed(4))).join(', ')
  return new GreenprintError(
    'outside_scene',
    `The point (${place.join(', ')}) does not lie on the scene, which covers [${box}] (west, south, east, north).`,
  )
}

function windowOf({ bands, grid }: OpenedScene, { row, col }: Pixel): Window {
  const [a, , c, , e, f] = grid.transform
  return {
    red: bands.red.cog.levels[0],
    nir: bands.nir.cog.levels[0],
    row,
    col,
    rows: 1,
    cols: 1,
    step: 1,
    rowsAt: axisOf(row, 1, 1),
    colsAt: axisOf(col, 1, 1),
    grid: { ...grid, transform: [a, 0, c + col * a, 0, e, f + row * e], shape: [1, 1] },
    sizes: [{ rows: 1, cols: 1 }],
    warnings: [],
  }
}

async function readBand(
  band: OpenBand,
  level: Level,
  at: Pick<Pixel, 'row' | 'col'>,
  scale: LinearScale | null,
  signal: AbortSignal,
): Promise<PointBand> {
  const raw = await sampleAt(level, at, signal)
  const isNumber = Number.isFinite(raw)
  const numbers = {
    raw: isNumber ? raw : null,
    reflectance: isNumber && scale !== null ? raw * scale.scale + scale.offset : null,
  }
  if (band.trust === 'transport') {
    const { address, version } = band.file
    const transport = { href: address, ...version }
    return { ...numbers, trust: band.trust, cid: null, transport, leaves: [] }
  }
  const { file, trust } = band
  const leaves = await leavesAt(file, level, at, signal)
  return { ...numbers, trust, cid: file.cid.toString(), leaves }
}

async function sampleAt(
  level: Level,
  { row, col }: Pick<Pixel, 'row' | 'col'>,
  signal: AbortSignal,
): Promise<number> {
  const [sample = Number.NaN] = await readSamples(
    level,
    Int32Array.of(row),
    Int32Array.of(col),
    signal,
  )
  return sample
}

/** Of the tile that holds the pixel. */
async function leavesAt(
  file: VerifiedFile,
  level: Level,
  { row, col }: Pick<Pixel, 'row' | 'col'>,
  signal: AbortSignal,
): Promise<string[]> {
  const tiles = tilesFor(level, Int32Array.of(row), Int32Array.of(col)) ?? []
  const ranges = await level.tileRanges(tiles, signal)
  const held = ranges.filter(({ length }) => length > 0)
  if (held.length === 0) return []
  return (await file.leavesOf(held, signal)).map((cid) => cid.toString())
}
