// The asked area: drawn, typed as a box, pasted as GeoJSON, or dropped as a file.

import {
  type Area,
  areaOf,
  boundsOf,
  boxOf,
  mostPositions,
  positionCount,
  readBox,
  readGeometry,
  rounded,
} from '../area.ts'
import type { Context } from '../context.ts'
import { h, show } from '../dom.ts'
import { count } from '../format.ts'
import { icon } from '../widgets/icon.ts'
import type { Field } from './fields.ts'

export function areaControls({ store, draw }: Context): Field {
  const fault = h('p', { class: 'fault', role: 'alert' })
  const control = h('input', {
    name: 'area',
    placeholder: 'west,south,east,north or GeoJSON',
    autocomplete: 'off',
    spellcheck: 'false',
    onchange: () => take(control.value),
  })
  const button = (name: 'box' | 'polygon', words: string) =>
    h('button', { type: 'button', onclick: () => draw(name) }, icon(name), words)
  const clear = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => store.set({ area: null }) },
    'Whole scene',
  )
  const element = h(
    'div',
    { class: 'area' },
    h(
      'div',
      { class: 'row' },
      button('box', 'Draw a box'),
      button('polygon', 'Draw a field'),
      clear,
    ),
    h(
      'label',
      { class: 'field' },
      h('span', {}, 'Box in degrees, or GeoJSON (a file can be dropped on the page)'),
      control,
    ),
    fault,
  )
  // Dropped beside the field, a file would be opened in place of the page.
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    if (element.offsetParent !== null) void event.dataTransfer?.files[0]?.text().then(take)
  })

  function take(text: string): void {
    const area = readArea(text)
    show(fault, typeof area === 'string' ? area : null)
    if (typeof area !== 'string') store.set({ area })
  }

  return {
    element,
    update({ area }) {
      clear.hidden = area === null
      if (document.activeElement !== control) control.value = area === null ? '' : written(area)
    },
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}

function written(area: Area): string {
  return boxOf(area)?.map(rounded).join(', ') ?? JSON.stringify(area)
}

/** The area, null for an empty text, or what is wrong with it. */
function readArea(text: string): Area | null | string {
  if (text.trim() === '') return null
  const box = readBox(text)
  if (box !== null)
    return box[1] < box[3]
      ? checked(areaOf(box))
      : 'The box has no extent: south is less than north.'
  try {
    const area = readGeometry(JSON.parse(text))
    return area === null
      ? 'This GeoJSON has no Polygon or MultiPolygon with coordinates.'
      : checked(area)
  } catch {
    return 'Give four numbers (west, south, east, north) or GeoJSON.'
  }
}

function checked(area: Area): Area | string {
  const corners = positionCount(area)
  if (corners > mostPositions) {
    const most = count(mostPositions)
    return `The outline has ${count(corners)} corners: at most ${most} are read. Simplify it.`
  }
  const [west, south, east, north] = boundsOf(area)
  if (south < -90 || north > 90) return 'Latitudes lie between −90 and 90: is it longitude first?'
  return west < east && south < north
    ? area
    : 'The area has no extent: west is less than east, south less than north.'
}
