// On a phone the panel is a sheet of three heights, moved by its handle.

import { h } from '../dom.ts'

/** Shares of the window's height. */
const heights = [0.3, 0.55, 0.92] as const

export function createSheet(panel: HTMLElement): void {
  let height = 1
  const handle = h('button', {
    type: 'button',
    class: 'handle',
    'aria-label': 'Height of the panel',
  })
  panel.prepend(handle)
  const set = (next: number) => {
    height = Math.min(heights.length - 1, Math.max(0, next))
    panel.style.setProperty('--sheet', `${(heights[height] ?? 0.55) * 100}dvh`)
  }
  handle.addEventListener('click', () => set(height === heights.length - 1 ? 0 : height + 1))
  handle.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowUp') set(height + 1)
    if (event.key === 'ArrowDown') set(height - 1)
  })
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId)
    const from = event.clientY
    handle.addEventListener(
      'pointerup',
      (up) => {
        const moved = up.clientY - from
        if (Math.abs(moved) > 24) set(height + (moved < 0 ? 1 : -1))
      },
      { once: true },
    )
  })
  set(1)
}
