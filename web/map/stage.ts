// The map with what the state puts on it: pictures, the swipe, the area, footprints, the legend.

import type { Map as MapLibre } from 'maplibre-gl'
import { type Area, type Box, boundsOf, boxAround, onFirstWorld, touches } from '../area.ts'
import type { Context, Picture, Preview, Result } from '../context.ts'
import { h, show } from '../dom.ts'
import { day } from '../format.ts'
import type { TileJson } from '../replies.ts'
import { sampleBounds } from '../sample.ts'
import { settings } from '../settings.ts'
import type { State, View } from '../state.ts'
import { legend } from '../widgets/legend.ts'
import { type Drawing, drawBox, drawPolygon } from './draw.ts'
import { createHover } from './hover.ts'
import { createMap, type Footprint, type MapView, ownMove } from './map-view.ts'
import { createMissing } from './missing.ts'
import { createSwipe } from './swipe.ts'

export interface Stage {
  readonly showResult: () => void
  readonly preview: (preview: Preview) => void
  readonly showFootprints: (shown: readonly Footprint[], chosen: string | null) => void
  readonly update: (state: State, before: State) => void
  readonly draw: (kind: 'box' | 'polygon') => void
  readonly resize: () => void
}

const DIGITS = 5
const ZOOM_DIGITS = 2

/** @throws {Error} where the browser has no WebGL */
export async function createStage(container: HTMLElement, context: Context): Promise<Stage> {
  const { store } = context
  const ground = { land: settings.land, baseMap: settings.baseMap }
  const missing = createMissing(container)
  // Tiles whose addresses have ended are asked for at those of a new answer.
  const ended = () => (previewed === null ? context.compute() : undefined)
  const options = { ground, worker: settings.worker, missing, ended }
  const view = await createMap(container, { ...options, isQuiet: false })
  const key = h('div', { class: 'map-key' })
  const help = h('div', { class: 'draw-help', role: 'status' })
  container.append(key, help)
  const swipe = createSwipe(container, view, (inner) =>
    createMap(inner, { ...options, isQuiet: true }),
  )
  view.map.on('idle', () => container.setAttribute('data-idle', 'yes'))
  view.map.on('dataloading', () => container.setAttribute('data-idle', 'no'))
  let drawing: Drawing | null = null
  let shownName: string | null = null
  /** Whether the address says where the next scene is looked at. */
  let isPlaced = false
  /** Of the list of results: it stays in front of what is looked at until that list is left. */
  let previewed: Preview | null = null
  const hideValue = createHover(view.map, pictureAt)

  const { view: asked } = store.get()
  if (asked !== null) {
    view.map.jumpTo({ center: [asked[0], asked[1]], zoom: asked[2] }, ownMove)
    isPlaced = true
  }
  view.showArea(store.get().area)
  let last = viewOf(view.map).join()
  view.map.on('moveend', (event) => {
    const now = viewOf(view.map)
    // A window of another size ends a move, too.
    const isMoved = now.join() !== last
    last = now.join()
    if (isMoved && !('isOwn' in event)) store.set({ view: now })
  })

  function showResult(): void {
    const result = context.result()
    const { area, opacity } = store.get()
    if (previewed !== null) return view.showPicture(previewed.tiles, opacity)
    hideValue()
    view.showPicture(result?.tiles ?? null, opacity)
    const other = context.other()
    void swipe.show(other?.tiles ?? null, opacity, [dateOf(result), dateOf(other)])
    show(
      key,
      result === null ? null : legend({ ...result, title: 'NDVI' }, result.reply.statistics),
    )
    const name = result?.name ?? null
    if (name === shownName) return
    shownName = name
    if (name === null) return
    if (!isPlaced) {
      fit(result)
      if (area !== null) reveal(boundsOf(area))
    }
    isPlaced = false
  }

  function pictureAt(x: number): Picture | null {
    if (previewed !== null) return previewed
    const result = swipe.isOver(x) ? context.other() : context.result()
    const { reply, tiles = null } = result ?? {}
    return reply === undefined || tiles === null ? null : { root: reply.root.cid, tiles }
  }

  /** Where the map chooses itself, the address says nothing of it. */
  function go(bounds: Box): void {
    store.set({ view: null })
    view.fit(bounds)
  }

  function fit(result: Result | null): void {
    const { area } = store.get()
    const tiles = result?.tiles ?? null
    const bounds = tiles !== null ? extentOf(tiles) : area === null ? null : boundsOf(area)
    if (bounds !== null) go(bounds)
  }

  /** Back from the list of results, the map may be where one of them is. */
  function fitUnseen(): void {
    const tiles = context.result()?.tiles ?? null
    if (tiles !== null) reveal(extentOf(tiles))
  }

  /** What the map does not show is gone to. */
  function reveal(bounds: Box): void {
    const [[west, south], [east, north]] = view.map.getBounds().toArray()
    if (!touches(bounds, [west, south, east, north])) go(bounds)
  }

  function draw(kind: 'box' | 'polygon'): void {
    drawing?.stop()
    const end = () => {
      drawing = null
      show(help)
      view.showArea(store.get().area)
    }
    const told = {
      draft: (area: Area | null) => view.showArea(area),
      done(drawn: Area) {
        drawing = null
        show(help)
        const area = onFirstWorld(drawn)
        // The sample is of one place: an area elsewhere wants a scene first.
        const isElsewhere = store.get().item === 'sample' && !touches(boundsOf(area), sampleBounds)
        store.set(isElsewhere ? { area, tab: 'find' } : { area })
      },
      givenUp: end,
    }
    drawing = kind === 'box' ? drawBox(view.map, told) : drawPolygon(view.map, told)
    const { stop, finish } = drawing
    const giveUp = () => {
      stop()
      end()
    }
    show(
      help,
      kind === 'box'
        ? 'Drag from one corner to the other.'
        : 'A corner a click; a double click closes it.',
      finish !== null && h('button', { type: 'button', onclick: finish }, 'Close it'),
      h('button', { type: 'button', onclick: giveUp }, 'Give up'),
    )
  }

  return {
    showResult,
    draw,
    preview(preview) {
      previewed = preview
      hideValue()
      view.showPicture(preview.tiles, store.get().opacity)
      void swipe.show(null, 0, ['', ''])
      show(key, legend(preview, null))
      go(extentOf(preview.tiles))
    },
    showFootprints(shown, chosen) {
      view.showFootprints(shown, chosen)
      if (shown.length > 0 && chosen === null) fitAll(view, shown)
    },
    update(state, before) {
      if (state.area !== before.area) {
        view.showArea(state.area)
        if (state.area !== null) reveal(boundsOf(state.area))
      }
      const isBack = before.tab === 'results' && state.tab !== 'results'
      if (isBack) previewed = null
      if (state.opacity !== before.opacity || isBack) showResult()
      if (state.view !== before.view && state.view !== null && !view.map.isMoving()) {
        move(view, state.view)
        isPlaced = state.item !== before.item
      } else if (isBack) fitUnseen()
    },
    resize: () => view.resize(),
  }
}

function viewOf(map: MapLibre): View {
  const { lng, lat } = map.getCenter()
  const zoom = Number(map.getZoom().toFixed(ZOOM_DIGITS))
  return [Number(lng.toFixed(DIGITS)), Number(lat.toFixed(DIGITS)), zoom]
}

/** Back and forward in the history move the map; its own moves are there already. */
function move({ map }: MapView, [lng, lat, zoom]: View): void {
  const center = map.getCenter()
  const isThere =
    Math.abs(center.lng - lng) < 1e-4 &&
    Math.abs(center.lat - lat) < 1e-4 &&
    Math.abs(map.getZoom() - zoom) < 0.02
  if (!isThere) map.jumpTo({ center: [lng, lat], zoom }, ownMove)
}

function dateOf(result: Result | null): string {
  return result === null ? '' : day(result.reply.item.datetime)
}

function fitAll(view: MapView, shown: readonly Footprint[]): void {
  const box = boxAround(
    shown.flatMap(({ geometry }) =>
      geometry.type === 'Polygon' || geometry.type === 'MultiPolygon' ? [geometry] : [],
    ),
  )
  if (box !== null) view.fit(box)
}

/** Bounds over the antimeridian go around the world: there, the one tile that holds the scene at its least zoom. */
function extentOf({ bounds, center, minzoom }: TileJson): Box {
  const [west, south, east, north] = bounds
  if (east - west < 360) return bounds
  const half = 180 / 2 ** minzoom
  return [center[0] - half, south, center[0] + half, north]
}
