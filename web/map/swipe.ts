// Two dates beside each other: a second map over the first, cut at a line that can be moved.

import { h, show } from '../dom.ts'
import type { TileJson } from '../replies.ts'
import type { MapView } from './map-view.ts'

export interface Swipe {
  /** @param dates of the left and the right picture */
  readonly show: (
    picture: TileJson | null,
    opacity: number,
    dates: readonly [string, string],
  ) => Promise<void>
  /** Whether the right picture lies at a distance from the left edge of the map, in CSS pixels. */
  readonly isOver: (x: number) => boolean
}

export function createSwipe(
  container: HTMLElement,
  under: MapView,
  create: (inner: HTMLElement) => Promise<MapView>,
): Swipe {
  const inner = h('div', { class: 'swipe-map' })
  const left = h('span', { class: 'date' })
  const right = h('span', { class: 'date' })
  const line = h('input', {
    type: 'range',
    class: 'swipe',
    min: 0,
    max: 100,
    value: 50,
    step: 0.5,
    'aria-label': 'Border between the two dates',
  })
  const frame = h('div', { class: 'swipe-frame', hidden: true }, inner, left, right, line)
  let over: Promise<MapView> | null = null
  container.append(frame)

  function cut(): void {
    inner.style.clipPath = `inset(0 0 0 ${line.value}%)`
    frame.style.setProperty('--cut', `${line.value}%`)
  }
  line.addEventListener('input', cut)

  async function open(): Promise<MapView> {
    const view = await create(inner)
    const follow = () =>
      view.map.jumpTo({ center: under.map.getCenter(), zoom: under.map.getZoom() })
    under.map.on('move', follow)
    follow()
    return view
  }

  return {
    async show(picture, opacity, dates) {
      frame.hidden = picture === null
      if (picture === null) return
      show(left, dates[0])
      show(right, dates[1])
      cut()
      over ??= open()
      const view = await over
      view.resize()
      view.showPicture(picture, opacity)
    },
    isOver: (x) => !frame.hidden && x >= (frame.clientWidth * Number(line.value)) / 100,
  }
}
