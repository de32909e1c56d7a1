// A year of made-up scenes over one place, with a known curve of seasons, clouds, and a month without any.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../../lib/model/json.ts'
import type { MemoryBlocks } from './blocks.ts'
import { openProjection } from './crs.ts'
import { ipfsAsset } from './items.ts'
import { randomFrom } from './random.ts'
import { tiffOfCode } from './tiff-of-code.ts'

/** UTM zone 33 N, pixels of 30 m. */
const EPSG = 32633
const PIXEL = 30
const [LEFT, TOP] = [500_000, 5_400_000]

/** In quality bands. */
export const CLOUDY = 22_280

export interface SeasonPlan {
  /** Pixels on a side of a scene. */
  readonly side: number
  readonly dates: readonly string[]
  /** Dates that have a second scene below the first, which overlaps it by a third. */
  readonly joined: readonly string[]
  /** Rows and columns by which a date's first pixel lies elsewhere, as those of Landsat do. */
  readonly shifts?: Readonly<Record<string, readonly [row: number, col: number]>>
  /** Of the files of quality bands. */
  readonly qaNodata?: number
}

/** A scene in files, for another program to read. */
export interface SeasonScene {
  readonly id: string
  readonly date: string
  readonly red: string
  readonly nir: string
  readonly qa: string
}

export interface Season {
  readonly items: readonly JsonObject[]
  readonly scenes: readonly SeasonScene[]
}

/** Every sixth day of a year, none in July. */
export function datesOfYear(year: number): string[] {
  const days = Array.from({ length: 61 }, (_, at) => new Date(Date.UTC(year, 0, 1 + at * 6)))
  return days.filter((day) => day.getUTCMonth() !== 6).map((day) => day.toISOString().slice(0, 10))
}

/** What a clear field's NDVI is on a day: lowest in January, highest in July. */
export function seasonalNdvi(date: string): number {
  const day = (Date.parse(date) - Date.parse(`${date.slice(0, 4)}-01-01`)) / 86_400_000
  return 0.45 - 0.3 * Math.cos((2 * Math.PI * day) / 365)
}

/** Files in the folder, blocks and items by CID. @param pixel metres */
export async function makeSeason(
  plan: SeasonPlan,
  blocks: MemoryBlocks,
  folder: string,
  pixel = PIXEL,
): Promise<Season> {
  const items: JsonObject[] = []
  const scenes: SeasonScene[] = []
  for (const date of plan.dates) {
    const rows = plan.joined.includes(date) ? [0, Math.round((plan.side * 2) / 3)] : [0]
    const [down, right] = plan.shifts?.[date] ?? [0, 0]
    for (const row of rows) {
      const place = { row: row + down, col: right, isSecond: row > 0 }
      const { item, scene } = await makeScene(date, place, plan, blocks, folder, pixel)
      items.push(item)
      scenes.push(scene)
    }
  }
  return { items, scenes }
}

async function makeScene(
  date: string,
  {
    row,
    col,
    isSecond,
  }: { readonly row: number; readonly col: number; readonly isSecond: boolean },
  { side, qaNodata }: SeasonPlan,
  blocks: MemoryBlocks,
  folder: string,
  pixel: number,
): Promise<{ item: JsonObject; scene: SeasonScene }> {
  const number = isSecond ? '027' : '026'
  const id = `LC09_L2SP_190${number}_${date.replaceAll('-', '')}_20240101_02_T1`
  const random = randomFrom(Date.parse(date) / 86_400_000 + row)
  const clouds = Array.from({ length: random.whole(0, 3) }, () => ({
    row: random.whole(0, side),
    col: random.whole(0, side),
    size: random.whole(side / 12, side / 2),
  }))
  const at = (r: number, c: number) =>
    clouds.some(
      (cloud) => Math.abs(r - cloud.row) < cloud.size && Math.abs(c - cloud.col) < cloud.size,
    )
  const base = seasonalNdvi(date)
  const ndvi = (r: number, c: number) =>
    base + 0.1 * Math.sin((r + row) / 17) + 0.08 * Math.cos((c + col) / 11) + 0.01 * random.unit()
  const counts = (reflectance: number) => Math.round((reflectance + 0.2) / 0.0000275)
  // A ragged edge, as of every scene.
  const isFill = (r: number, c: number) => r + c < side / 10
  const number16 = (sign: 1 | -1) => (r: number, c: number) =>
    isFill(r, c) ? 0 : counts(0.25 * (1 + sign * ndvi(r, c)))
  const bands = {
    red: number16(-1),
    nir: number16(1),
    qa: (r: number, c: number) => (isFill(r, c) ? 1 : at(r, c) ? CLOUDY : 21_824),
  }
  const raster = {
    code: EPSG,
    isGeographic: false,
    transform: [pixel, 0, LEFT + col * pixel, 0, -pixel, TOP - row * pixel] as const,
    rows: side,
    cols: side,
  }
  const paths: Record<string, string> = {}
  const cids: Record<string, string> = {}
  for (const [name, value] of Object.entries(bands)) {
    const nodata = name === 'qa' && qaNodata !== undefined ? { nodata: qaNodata } : {}
    const bytes = tiffOfCode({ ...raster, ...nodata, value })
    paths[name] = join(folder, `${id}_${name}.tif`)
    await writeFile(paths[name], bytes)
    cids[name] = (await blocks.add(bytes)).toString()
  }
  const { red = '', nir = '', qa = '' } = paths
  return {
    scene: { id, date, red, nir, qa },
    item: {
      type: 'Feature',
      stac_version: '1.0.0',
      id,
      collection: 'landsat-c2l2-sr',
      geometry: await groundOf(row, col, side, side),
      bbox: await boundsOf(row, col, side, side),
      properties: {
        datetime: `${date}T10:00:${isSecond ? '24' : '00'}Z`,
        platform: 'landsat-9',
        'landsat:correction': 'L2SP',
        'landsat:wrs_path': '190',
        'landsat:wrs_row': number,
      },
      links: [],
      assets: {
        red: ipfsAsset(cids['red'] ?? ''),
        nir08: ipfsAsset(cids['nir'] ?? ''),
        qa_pixel: ipfsAsset(cids['qa'] ?? ''),
      },
    },
  }
}

/** A rectangle of the place, in pixels of the first scene, as a polygon in degrees. */
export async function groundOf(
  row: number,
  col: number,
  rows: number,
  cols: number,
): Promise<JsonObject> {
  const corners = [
    [col, row],
    [col + cols, row],
    [col + cols, row + rows],
    [col, row + rows],
    [col, row],
  ] as const
  return { type: 'Polygon', coordinates: [await degreesOf(corners)] }
}

/** Degrees of places in columns and rows of the first scene. */
export async function degreesOf(
  places: readonly (readonly [col: number, row: number])[],
): Promise<(readonly [lon: number, lat: number])[]> {
  const projection = await openProjection({ ProjectedCSTypeGeoKey: EPSG })
  return places.map(([col, row]) => {
    const [lon, lat] = projection.inverse(LEFT + col * PIXEL, TOP - row * PIXEL)
    return [Number(lon.toFixed(7)), Number(lat.toFixed(7))] as const
  })
}

async function boundsOf(row: number, col: number, rows: number, cols: number): Promise<number[]> {
  const places = await degreesOf([
    [col, row],
    [col + cols, row],
    [col, row + rows],
    [col + cols, row + rows],
  ])
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)]
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Fields of many corners, beside and over each other, some of them beyond the edge. */
export async function seasonZones(side: number, count: number): Promise<JsonObject[]> {
  const random = randomFrom(count)
  const zones: JsonObject[] = []
  for (let at = 0; at < count; at++) {
    const [col, row] = [random.between(0, side), random.between(0, side * 1.4)]
    const radius = random.between(side / 30, side / 6)
    const corners = random.whole(3, 8)
    const ring = Array.from({ length: corners }, (_, corner) => {
      const angle = ((corner + random.between(0, 0.6)) / corners) * 2 * Math.PI
      const away = radius * random.between(0.4, 1)
      return [col + away * Math.cos(angle), row + away * Math.sin(angle)] as const
    })
    const coordinates = [await degreesOf([...ring, ring[0]!])]
    zones.push({
      type: 'Feature',
      id: `field-${at + 1}`,
      properties: {},
      geometry: { type: 'Polygon', coordinates },
    })
  }
  return zones
}
