// Tiles of a picture that did not come: told on the map, and asked for again by a person, or when the network is back.

import { h } from '../dom.ts'

export interface Missing {
  /** @param again asks for the missing tiles of one map, which is known by it */
  readonly tell: (again: () => void) => void
  /** What was missing is not shown any more. */
  readonly forget: (again: () => void) => void
}

export function createMissing(container: HTMLElement): Missing {
  const maps = new Set<() => void>()
  const note = h(
    'div',
    { class: 'map-note', role: 'status', hidden: true },
    'Parts of the picture did not come.',
    h('button', { type: 'button', onclick: retry }, 'Load them'),
  )
  container.append(note)
  addEventListener('online', retry)

  function retry(): void {
    const all = [...maps]
    maps.clear()
    note.hidden = true
    for (const again of all) again()
  }

  return {
    tell(again) {
      maps.add(again)
      note.hidden = false
    },
    forget(again) {
      maps.delete(again)
      note.hidden = maps.size === 0
    },
  }
}
