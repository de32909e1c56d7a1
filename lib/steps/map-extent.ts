// Where a map has something to show: its bounds, and the zooms between one tile for all of it and its own pixels.

import { GreenprintError } from '../errors.ts'
import { sharedBoxes } from '../geo/bbox.ts'
import { MOST_ZOOM, onMap, pixelAt, TILE_SIZE } from '../geo/web-mercator.ts'
import type { Bbox } from '../model/grid.ts'
import type { Trust } from '../model/scene.ts'
import type { TileSource } from '../model/tile.ts'
import { boundsOfGeometry } from '../stac/geometry.ts'
import { areaOfRequest } from './asked-area.ts'
import type { MapRaster } from './map-raster.ts'

export interface MapExtent {
  /** Degrees; west > east crosses the antimeridian. */
  readonly bounds: Bbox
  readonly minZoom: number
  readonly maxZoom: number
  readonly trust: Trust
}

/** Beyond that the map ends. */
const MOST_LATITUDE = 85.051_129

/**
 * @param maxPixels of the raster that may be read for one tile
 * @throws {GreenprintError} `outside_scene` for an area beside it; `invalid_request` for a raster that lies wholly
 *   beyond the map, and for a box that is smaller than coordinates are told
 */
export function describeExtent(
  raster: MapRaster,
  source: TileSource,
  maxPixels: number,
): MapExtent {
  const [west, south, east, north] = cropped(raster, source)
  const bounds: Bbox = [west, Math.max(-MOST_LATITUDE, south), east, Math.min(MOST_LATITUDE, north)]
  if (bounds[1] >= bounds[3]) {
    throw new GreenprintError(
      'invalid_request',
      `The map of EPSG:3857 ends at ${MOST_LATITUDE} degrees, and all of the raster lies beyond: there are no tiles of it. A layer in its own CRS can be asked of /ndvi.`,
    )
  }
  const [width, height] = sizeOnMap(bounds)
  const extent = Math.max(width, height, 1e-6)
  const own = pixelOnMap(raster)
  const zoomFor = (pixel: number) => Math.log2(pixelAt(0) / pixel)
  const within = (zoom: number) => Math.max(0, Math.min(MOST_ZOOM, zoom))
  const wholeZoom = Math.floor(zoomFor(extent / TILE_SIZE))
  const leastZoom = Math.ceil(zoomFor(readableAcross(raster, own, maxPixels) / TILE_SIZE))
  const maxZoom = within(Math.ceil(zoomFor(own) - 0.1))
  return {
    bounds,
    minZoom: Math.min(maxZoom, within(Math.max(wholeZoom, leastZoom))),
    maxZoom,
    trust: raster.trust,
  }
}

/** Of the side of a box around a square that lies askew, at most; and some pixels around it. */
const ASKEW = 0.7

/** Metres of the map along a tile for which no more may have to be read than one tile may; of most any number. */
function readableAcross({ grid, coarsest }: MapRaster, own: number, maxPixels: number): number {
  const [rows, cols] = grid.shape
  if (rows * cols <= maxPixels * coarsest ** 2) return Number.POSITIVE_INFINITY
  return ASKEW * own * coarsest * Math.sqrt(maxPixels)
}

/** Metres of the map along a pixel in the middle of the raster. */
function pixelOnMap({ footprint, grid }: MapRaster): number {
  const [rows, cols] = grid.shape
  const [width, height] = sizeOnMap(footprint.bbox)
  return Math.max(Math.min(width / cols, height / rows), 1e-3)
}

/** Metres from side to side, parts on both sides of the antimeridian together. */
function sizeOnMap(box: Bbox): readonly [width: number, height: number] {
  const sides = onMap(box)
  const width = sides.reduce((sum, [left, , right]) => sum + right - left, 0)
  return [width, Math.max(...sides.map(([, bottom, , top]) => top - bottom))]
}

/** The box around the asked part of a scene; around all of it where that lies at both of its ends. */
function cropped({ footprint: { bbox } }: MapRaster, source: TileSource): Bbox {
  const area = source.kind === 'scene' ? areaOfRequest(source.request) : null
  const asked = area && boundsOfGeometry({ ...area })
  if (asked === null) return bbox
  const [part, other] = sharedBoxes(asked, bbox)
  if (part === undefined) {
    const box = bbox.map((value) => Number(value.toFixed(4))).join(', ')
    throw new GreenprintError(
      'outside_scene',
      `The area does not touch the scene, which covers [${box}] (west, south, east, north).`,
    )
  }
  return other === undefined ? part : bbox
}
