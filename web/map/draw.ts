// Drawing on the map: a box by dragging, a polygon by its corners; Escape gives up.

import type { Map as MapLibre, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import { type Area, areaOf, rounded } from '../area.ts'

export interface Drawing {
  readonly stop: () => void
  /** Closes what is drawn by corners. */
  readonly finish: (() => void) | null
}

interface Told {
  /** The area so far. */
  readonly draft: (area: Area | null) => void
  readonly done: (area: Area) => void
  readonly givenUp: () => void
}

type Position = [number, number]

export function drawBox(map: MapLibre, told: Told): Drawing {
  let from: Position | null = null
  let to: Position | null = null
  const clean = begin(map, stop, told, () => null)
  const down = (event: MapMouseEvent | MapTouchEvent) => {
    event.preventDefault()
    from = at(event)
  }
  const move = (event: MapMouseEvent | MapTouchEvent) => {
    to = at(event)
    if (from !== null) told.draft(boxBetween(from, to))
  }
  const up = (event: MapMouseEvent | MapTouchEvent) => end(at(event))
  function end(corner: Position | null): void {
    if (from === null) return
    stop()
    const isBox = corner !== null && from[0] !== corner[0] && from[1] !== corner[1]
    if (isBox) told.done(boxBetween(from, corner))
    else told.givenUp()
  }
  // Let go beside the map, the box ends where the pointer left it.
  const away = (event: MouseEvent) => {
    if (
      from !== null &&
      !(event.target instanceof Node && map.getContainer().contains(event.target))
    )
      end(to)
  }
  addEventListener('mouseup', away)
  const heard = [
    map.on('mousedown', down),
    map.on('mousemove', move),
    map.on('mouseup', up),
    map.on('touchstart', down),
    map.on('touchmove', move),
    map.on('touchend', up),
  ]
  function stop(): void {
    clean()
    removeEventListener('mouseup', away)
    for (const each of heard) each.unsubscribe()
  }
  return { stop, finish: null }
}

/** A corner a click; a double click, or Enter, closes it. */
export function drawPolygon(map: MapLibre, told: Told): Drawing {
  const corners: Position[] = []
  const finish = () => {
    stop()
    if (corners.length >= 3) told.done(ringOf(corners))
    else told.givenUp()
  }
  const clean = begin(map, stop, told, (key) => (key === 'Enter' ? finish() : null))
  const click = (event: MapMouseEvent) => {
    corners.push(at(event))
    told.draft(ringOf(corners))
  }
  const move = (event: MapMouseEvent) => {
    if (corners.length > 0) told.draft(ringOf([...corners, at(event)]))
  }
  const close = (event: MapMouseEvent) => {
    event.preventDefault()
    // The second click of the double one is a corner twice.
    corners.pop()
    finish()
  }
  const heard = [map.on('click', click), map.on('mousemove', move), map.on('dblclick', close)]
  function stop(): void {
    clean()
    for (const each of heard) each.unsubscribe()
  }
  return { stop, finish }
}

function begin(
  map: MapLibre,
  stop: () => void,
  told: Told,
  onKey: (key: string) => void,
): () => void {
  const canvas = map.getCanvas()
  map.dragPan.disable()
  canvas.classList.add('drawing')
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      stop()
      told.givenUp()
    } else onKey(event.key)
  }
  addEventListener('keydown', key)
  function clean(): void {
    removeEventListener('keydown', key)
    map.dragPan.enable()
    canvas.classList.remove('drawing')
  }
  return clean
}

function at({ lngLat }: MapMouseEvent | MapTouchEvent): Position {
  return [rounded(lngLat.lng), rounded(lngLat.lat)]
}

function boxBetween([x1, y1]: Position, [x2, y2]: Position): Area {
  return areaOf([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)])
}

function ringOf(corners: readonly Position[]): Area {
  return { type: 'Polygon', coordinates: [[...corners, ...corners.slice(0, 1)]] }
}
