// Puts found items in order: the one that serves the asked area best comes first.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { boxGeometry, touching } from '../geo/antimeridian.ts'
import { coarseOutline, groundOf, shareCovered } from '../geo/coverage.ts'
import type { PolygonSet } from '../geo/polygon-set.ts'
import type { Bbox } from '../model/grid.ts'
import type { SceneSearch } from '../model/request.ts'
import { readTime } from './acquisition.ts'
import { boundsOfGeometry, coverage } from './geometry.ts'
import type { Item } from './item.ts'

export interface RankedItem {
  readonly item: Item
  /** Share of the asked area, 0 to 1, in steps of 1e-6; null where no area was asked, or the item has no place. */
  readonly coverage: number | null
  /** Whether it lies away from the asked area: an API that does not look at the area finds everything. */
  readonly isElsewhere: boolean
  /** Percent, or null where the item does not tell. */
  readonly cloud: number | null
  /** Milliseconds since 1970, or null. */
  readonly time: number | null
}

/** What a search asks for: its box, and where it is an area its polygons. */
export interface SoughtArea {
  readonly box: Bbox
  /** null for a point or a line. */
  readonly polygons: PolygonSet | null
  readonly touches: (geometry: unknown) => boolean
}

/** null where no area is asked. */
export function areaOf({ bbox, intersects }: SceneSearch): SoughtArea | null {
  const box = bbox ?? boundsOfGeometry(intersects ?? null)
  if (box === null) return null
  const geometry = bbox === undefined ? (intersects ?? null) : boxGeometry(bbox)
  const polygons = groundOf(geometry)
  return { box, polygons: polygons && coarseOutline(polygons), touches: touching(geometry) }
}

/**
 * By coverage of the area, then by cloud cover, then the newest, then by id and collection, so that the order does not
 * depend on the server's. What an item does not tell comes last.
 */
export async function rankItems(
  items: readonly Item[],
  area: SoughtArea | null,
  signal: AbortSignal,
): Promise<RankedItem[]> {
  const described: RankedItem[] = []
  for (const item of items) {
    if (turnIsOver()) await nextTurn(signal)
    described.push(describe(item, area))
  }
  return described.toSorted(compare)
}

function describe(item: Item, area: SoughtArea | null): RankedItem {
  const taken = readTime(item.datetime ?? '')
  const share = area === null ? null : shareOf(area, item)
  return {
    item,
    coverage: share,
    isElsewhere: area !== null && share === 0 && isAway(area, item),
    cloud: cloudCover(item),
    // Not stac-js' getDateTime(): 0.5.5 reads the microseconds of .512067 as 512,067 milliseconds.
    time: taken === null ? null : Date.parse(taken.start),
  }
}

/** Below 0 stands for unknown: Landsat's -1. */
function cloudCover({ properties }: Item): number | null {
  const cloud = properties['eo:cloud_cover']
  return typeof cloud === 'number' && cloud >= 0 && cloud <= 100 ? cloud : null
}

/** By the item's geometry, the footprint of its data; by its box where it has none, less what is said to have no data. */
function shareOf({ box, polygons }: SoughtArea, item: Item): number | null {
  const ground = polygons === null ? null : groundOf(item.geometry)
  if (polygons !== null && ground !== null) return shareCovered(polygons, ground)
  if (item.bbox === null) return null
  const share = coverage(box, item.bbox) * (item.geometry === null ? dataShare(item) : 1)
  // Rounded, so that boxes that differ by the noise of a projection tie, and cloud decides.
  return Math.round(share * 1e6) / 1e6
}

/** A share of 0 may be a rounded one. A box without ground is a placeholder, and no place. */
function isAway({ touches }: SoughtArea, { geometry, bbox }: Item): boolean {
  if (geometry === null && (bbox === null || bbox[0] === bbox[2] || bbox[1] === bbox[3]))
    return false
  return !touches(geometry ?? (bbox && boxGeometry(bbox)))
}

/** Share of the scene that has data, 0 to 1, in the words of Sentinel-2's catalogues and of HLS; 1 where none tells. */
function dataShare({ properties }: Item): number {
  for (const [name, value] of Object.entries(properties)) {
    const percent = typeof value === 'number' ? value : Number.NaN
    if (!(percent >= 0 && percent <= 100)) continue
    if (/(^|:)nodata_pixel_percentage$/.test(name)) return 1 - percent / 100
    if (/(^|:)(data_coverage|spatial_coverage)$/i.test(name)) return percent / 100
  }
  return 1
}

function compare(a: RankedItem, b: RankedItem): number {
  return (
    (b.coverage ?? 0) - (a.coverage ?? 0) ||
    ascending(a.cloud, b.cloud) ||
    ascending(negated(a.time), negated(b.time)) ||
    byText(a.item.id, b.item.id) ||
    byText(a.item.collection ?? '', b.item.collection ?? '')
  )
}

function ascending(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a - b
}

function negated(value: number | null): number | null {
  return value === null ? null : -value
}

/** By code unit, not by locale: the choice must not depend on the machine. */
function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
