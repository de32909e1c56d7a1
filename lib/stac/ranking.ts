// Puts found items in order: the one that serves the asked area best comes first.

import type { Bbox } from '../model/grid.ts'
import type { SceneSearch } from '../model/request.ts'
import { boundsOfGeometry, coverage } from './geometry.ts'
import type { Item } from './item.ts'

export interface RankedItem {
  readonly item: Item
  /** Share of the asked area, 0 to 1, in steps of 1e-6; null where no area was asked. */
  readonly coverage: number | null
  /** Percent, or null where the item does not tell. */
  readonly cloud: number | null
  /** Milliseconds since 1970, or null. */
  readonly time: number | null
}

/** Box of the area that a search asks for. A geometry counts by its box. */
export function areaOf({ bbox, intersects }: SceneSearch): Bbox | null {
  return bbox ?? boundsOfGeometry(intersects ?? null)
}

/**
 * By coverage of the area (of its box, by the item's box), then by cloud cover, then the newest, then by id and
 * collection, so that the order does not depend on the server's. What an item does not tell comes last.
 */
export function rankItems(items: readonly Item[], area: Bbox | null): RankedItem[] {
  return items.map((item) => describe(item, area)).toSorted(compare)
}

function describe(item: Item, area: Bbox | null): RankedItem {
  const cloud = item.properties['eo:cloud_cover']
  const time = Date.parse(item.datetime ?? '')
  return {
    item,
    coverage: area === null ? null : shareOf(area, item.bbox),
    cloud: typeof cloud === 'number' ? cloud : null,
    // Not stac-js' getDateTime(): 0.5.5 reads the microseconds of .512067 as 512,067 milliseconds.
    time: Number.isNaN(time) ? null : time,
  }
}

/** Rounded, so that boxes that differ by the noise of a projection tie, and cloud decides. */
function shareOf(area: Bbox, box: Bbox | null): number {
  return box === null ? 0 : Math.round(coverage(area, box) * 1e6) / 1e6
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
