// The value under the pointer: asked for once it rests, with the raw numbers of both bands.

import type { Map as MapLibre } from 'maplibre-gl'
import { ask } from '../api.ts'
import type { Picture } from '../context.ts'
import { h, show } from '../dom.ts'
import { ndvi } from '../format.ts'
import type { Place } from './map-view.ts'

interface PointReply {
  readonly value: number | null
  readonly reason: string | null
}

const REST_MS = 120

const reasons: Readonly<Record<string, string>> = {
  fill: 'no data',
  saturation: 'saturated',
  mask: 'set aside',
  denominator: 'no light',
}

/**
 * @param pictureAt what lies at a distance from the left edge of the map
 * @returns takes away what is told, which is of the picture before
 */
export function createHover(map: MapLibre, pictureAt: (x: number) => Picture | null): () => void {
  const label = h('div', { class: 'hover', role: 'status', hidden: true })
  map.getContainer().append(label)
  let timer = 0
  let asking = new AbortController()

  function hide(): void {
    clearTimeout(timer)
    asking.abort()
    label.hidden = true
  }

  async function tell({ lngLat, point }: Place): Promise<void> {
    const { lng: lon, lat } = lngLat.wrap()
    const shown = pictureAt(point.x)
    if (shown === null) return
    const [west, south, east, north] = shown.tiles.bounds
    if (lon < west || lon > east || lat < south || lat > north) return
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const query = new URLSearchParams({
      root: shown.root,
      lon: lon.toFixed(6),
      lat: lat.toFixed(6),
    })
    const reply = await ask<PointReply>(`/point?${query}`, { signal }).catch(() => null)
    if (reply === null || signal.aborted) return
    const words =
      reply.value === null ? (reasons[reply.reason ?? ''] ?? 'no value') : ndvi(reply.value)
    show(label, h('strong', {}, words), h('span', {}, `${lat.toFixed(5)}, ${lon.toFixed(5)}`))
    label.hidden = false
  }

  map.on('mousemove', (place) => {
    hide()
    timer = window.setTimeout(() => void tell(place), REST_MS)
  })
  map.on('click', (place) => void tell(place))
  const canvas = map.getCanvas()
  canvas.addEventListener('mouseleave', hide)
  // Whoever moves the map by its keys has no pointer.
  canvas.addEventListener('keydown', ({ key }) => {
    const lngLat = map.getCenter()
    const isDrawing = canvas.classList.contains('drawing')
    if (key === 'Enter' && !isDrawing) void tell({ lngLat, point: map.project(lngLat) })
  })
  map.on('movestart', hide)
  return hide
}
