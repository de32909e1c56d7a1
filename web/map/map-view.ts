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
import { baseStyle, type Ground } from './style.ts'

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

/** Tells the events of the page's own moves from those of a person's. */
export const ownMove = { isOwn: true } as const

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
    isDark,
    isQuiet,
  }: {
    readonly ground: Ground
    readonly worker: string
    readonly isDark: boolean
    readonly isQuiet: boolean
  },
): Promise<MapView> {
  setWorkerUrl(worker)
  const map = new MapLibre({
    container,
    style: baseStyle(ground, isDark),
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
      resolve(viewOf(map))
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
    paint: { 'fill-color': '#2f7d5b', 'fill-opacity': 0.06 },
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

function viewOf(map: MapLibre): MapView {
  function setData(name: string, data: GeoJSON): void {
    void map.getSource<GeoJSONSource>(name)?.setData(data)
  }
  let shown: string | null = null
  return {
    map,
    showPicture(picture, opacity) {
      // Kept here: MapLibre's own source tells its tiles from the next frame on only.
      const address = picture?.tiles[0] ?? null
      if (address !== shown) replacePicture(map, address === null ? null : picture)
      shown = address
      if (address !== null) map.setPaintProperty('picture', 'raster-opacity', opacity / 100)
    },
    showArea: (area) =>
      setData('area', area === null ? empty : { type: 'Feature', properties: {}, geometry: area }),
    showFootprints(footprints, chosen) {
      const features = footprints.map(({ id, geometry }) => ({
        type: 'Feature' as const,
        properties: { id, chosen: id === chosen },
        geometry,
      }))
      setData('footprints', { type: 'FeatureCollection', features })
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
