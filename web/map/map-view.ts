// The map: footprints, the asked area and the picture of a result. The door of MapLibre.

import type { FeatureCollection, GeoJSON, Geometry } from 'geojson'
import {
  type GeoJSONSource,
  Map as MapLibre,
  type MapMouseEvent,
  NavigationControl,
  setWorkerUrl,
} from 'maplibre-gl'
import type { Area, Box } from '../area.ts'
import type { TileJson } from '../replies.ts'
import type { Missing } from './missing.ts'
import { baseStyle, type Ground, groundColours } from './style.ts'

export interface Footprint {
  readonly id: string
  readonly geometry: Geometry
}

export interface MapView {
  readonly map: MapLibre
  readonly showPicture: (tiles: TileJson | null, opacity: number) => void
  readonly showArea: (area: Area | null) => void
  readonly showFootprints: (footprints: readonly Footprint[], chosen: string | null) => void
  readonly fit: (bounds: Box) => void
  readonly resize: () => void
}

export interface Telling {
  readonly missing: Missing
  /** The addresses of the picture's tiles have ended: they are good for a day. */
  readonly ended: () => void
}

/** Tells the events of the page's own moves from those of a person's. */
export const ownMove = { isOwn: true } as const

const UNAUTHORIZED = 401
const darkScheme = matchMedia('(prefers-color-scheme: dark)')

const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }

/**
 * @param worker address of MapLibre's worker
 * @throws {Error} where the browser has no WebGL
 */
export function createMap(
  container: HTMLElement,
  {
    ground,
    worker,
    isQuiet,
    ...telling
  }: {
    readonly ground: Ground
    readonly worker: string
    readonly isQuiet: boolean
  } & Telling,
): Promise<MapView> {
  setWorkerUrl(worker)
  const map = new MapLibre({
    container,
    style: baseStyle(ground, darkScheme.matches),
    center: [0, 15],
    zoom: 1,
    attributionControl: isQuiet ? false : { compact: true },
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    interactive: !isQuiet,
    fadeDuration: 0,
  })
  map.touchZoomRotate.disableRotation()
  if (!isQuiet) map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  return new Promise((resolve) => {
    map.once('load', () => {
      addLayers(map)
      resolve(viewOf(map, telling))
    })
  })
}

function addLayers(map: MapLibre): void {
  map.addSource('footprints', { type: 'geojson', data: empty })
  map.addSource('area', { type: 'geojson', data: empty })
  map.addLayer({
    id: 'footprints',
    type: 'fill',
    source: 'footprints',
    // Filled all, twenty of one place would cover what lies under them.
    filter: ['==', ['get', 'chosen'], true],
    paint: { 'fill-color': '#2f7d5b', 'fill-opacity': 0.15 },
  })
  map.addLayer({
    id: 'footprint-lines',
    type: 'line',
    source: 'footprints',
    paint: {
      'line-color': '#2f7d5b',
      'line-width': ['case', ['==', ['get', 'chosen'], true], 3, 1.2],
    },
  })
  map.addLayer({
    id: 'area-halo',
    type: 'line',
    source: 'area',
    paint: { 'line-color': '#ffffff', 'line-width': 4, 'line-opacity': 0.8 },
  })
  map.addLayer({
    id: 'area',
    type: 'line',
    source: 'area',
    paint: { 'line-color': '#16241d', 'line-width': 2, 'line-dasharray': [2, 1] },
  })
}

function viewOf(map: MapLibre, { missing, ended }: Telling): MapView {
  let picture: TileJson | null = null
  let opacity = 100
  const data = { area: empty as GeoJSON, footprints: empty as GeoJSON }
  /** Between the loss of WebGL's context and the style that MapLibre makes again of it, nothing can be drawn. */
  let isLost = false

  const reload = () => {
    if (map.getSource('picture') !== undefined) map.refreshTiles('picture')
  }
  map.on('error', (event) => {
    const { error } = event
    if (!('sourceId' in event) || event.sourceId !== 'picture') return reportError(error)
    missing.tell(reload)
    if ('status' in error && error.status === UNAUTHORIZED) ended()
  })
  map.on('webglcontextlost', () => {
    isLost = true
  })
  map.on('webglcontextrestored', () => {
    map.once('style.load', () => {
      isLost = false
      drawGround()
      drawPicture()
      for (const name of ['area', 'footprints'] as const) drawData(name)
    })
  })

  darkScheme.addEventListener('change', drawGround)

  function drawGround(): void {
    if (isLost) return
    for (const [layer, property, colour] of groundColours(darkScheme.matches))
      map.setPaintProperty(layer, property, colour)
  }
  function drawPicture(): void {
    if (isLost) return
    missing.forget(reload)
    replacePicture(map, picture)
    drawOpacity()
  }
  function drawOpacity(): void {
    if (picture !== null && !isLost)
      map.setPaintProperty('picture', 'raster-opacity', opacity / 100)
  }
  function drawData(name: keyof typeof data): void {
    if (!isLost) void map.getSource<GeoJSONSource>(name)?.setData(data[name])
  }

  return {
    map,
    showPicture(next, share) {
      // Kept here: MapLibre's own source tells its tiles from the next frame on only.
      const isOther = next?.tiles[0] !== picture?.tiles[0]
      picture = next?.tiles[0] === undefined ? null : next
      opacity = share
      if (isOther) drawPicture()
      else drawOpacity()
    },
    showArea(area) {
      data.area = area === null ? empty : { type: 'Feature', properties: {}, geometry: area }
      drawData('area')
    },
    showFootprints(footprints, chosen) {
      const features = footprints.map(({ id, geometry }) => ({
        type: 'Feature' as const,
        properties: { id, chosen: id === chosen },
        geometry,
      }))
      data.footprints = { type: 'FeatureCollection', features }
      drawData('footprints')
    },
    fit(bounds) {
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
      map.fitBounds([...bounds], { padding: 32, maxZoom: 15, duration: calm ? 0 : 500 }, ownMove)
    },
    resize: () => void map.resize(),
  }
}

function replacePicture(map: MapLibre, picture: TileJson | null): void {
  if (map.getSource('picture') !== undefined) {
    map.removeLayer('picture')
    map.removeSource('picture')
  }
  if (picture === null) return
  const { tiles, bounds, minzoom, maxzoom } = picture
  const place = { bounds: [...bounds] as [number, number, number, number], minzoom, maxzoom }
  map.addSource('picture', { type: 'raster', tiles: [...tiles], tileSize: 256, ...place })
  const paint = { 'raster-resampling': 'nearest', 'raster-fade-duration': 0 } as const
  map.addLayer({ id: 'picture', type: 'raster', source: 'picture', paint }, 'footprints')
}

/** Where a pointer is on the ground. */
export type Place = Pick<MapMouseEvent, 'lngLat' | 'point'>
