// The ground under the scenes: coastlines and a graticule, or the tiles of BASE_MAP_URL.

import type { MultiLineString } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'

const DEGREES = 10

export interface Ground {
  /** Address of the coastlines: GeoJSON. */
  readonly land: string
  /** Template with {z}, {x}, {y}; null draws land and sea alone. */
  readonly baseMap: string | null
}

const colours = {
  light: { sea: '#e9eef0', land: '#f7f6f1', line: '#cdd6d8' },
  dark: { sea: '#12181b', land: '#1d2427', line: '#2e383c' },
} as const

/** Colours of the ground, by layer and property, in either scheme of the system. */
export function groundColours(isDark: boolean): readonly GroundColour[] {
  const { sea, land, line } = colours[isDark ? 'dark' : 'light']
  return [
    ['sea', 'background-color', sea],
    ['land', 'fill-color', land],
    ['land', 'fill-outline-color', line],
    ['graticule', 'line-color', line],
  ]
}

type GroundProperty = 'background-color' | 'fill-color' | 'fill-outline-color' | 'line-color'
export type GroundColour = readonly [layer: string, property: GroundProperty, colour: string]

export function baseStyle({ land, baseMap }: Ground, isDark: boolean): StyleSpecification {
  const { sea, land: ground, line } = colours[isDark ? 'dark' : 'light']
  const tiles =
    baseMap === null ? null : { type: 'raster' as const, tiles: [baseMap], tileSize: 256 }
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: land, attribution: 'Natural Earth' },
      graticule: { type: 'geojson', data: graticule() },
      ...(tiles === null ? {} : { base: tiles }),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': sea } },
      {
        id: 'land',
        type: 'fill',
        source: 'land',
        paint: { 'fill-color': ground, 'fill-outline-color': line },
      },
      {
        id: 'graticule',
        type: 'line',
        source: 'graticule',
        paint: { 'line-color': line, 'line-width': 0.6 },
      },
      ...(tiles === null ? [] : [{ id: 'base', type: 'raster' as const, source: 'base' }]),
    ],
  }
}

function graticule(): MultiLineString {
  const coordinates: number[][][] = []
  for (let x = -180; x <= 180; x += DEGREES)
    coordinates.push([
      [x, -85],
      [x, 85],
    ])
  for (let y = -80; y <= 80; y += DEGREES)
    coordinates.push([
      [-180, y],
      [180, y],
    ])
  return { type: 'MultiLineString', coordinates }
}
