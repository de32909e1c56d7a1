// What is being done while one waits: steps, counts, from whom; and a way out.

import { h, show } from '../dom.ts'
import { bytes, operator } from '../format.ts'
import type { Progress } from '../replies.ts'

const words: Readonly<Record<string, string>> = {
  scene: 'Reading the scene’s description',
  fingerprint: 'Reading the files once for their CIDs',
  bands: 'Opening both bands, every block hashed',
  ndvi: 'Computing NDVI',
  figure: 'Drawing the figure',
  publish: 'Keeping the result',
}

export interface Waiting {
  readonly element: HTMLElement
  readonly tell: (progress: Progress | null) => void
}

export function waiting(what: string, cancel: () => void): Waiting {
  const bar = h('progress', { max: 1, 'aria-label': what })
  // The step alone is said to those who hear the page: the counts change every second.
  const line = h('p', { class: 'small', role: 'status' }, what)
  const counts = h('p', { class: 'small faint' })
  const stop = h('button', { type: 'button', onclick: cancel }, 'Stop')
  const element = h(
    'div',
    { class: 'waiting' },
    line,
    bar,
    counts,
    h('div', { class: 'row' }, stop),
  )
  return {
    element,
    tell(progress) {
      if (progress === null) return
      const { step, share } = progress
      const said = words[step] ?? what
      if (line.textContent !== said) show(line, said)
      if (share === null || share === undefined) bar.removeAttribute('value')
      else bar.value = share
      show(counts, countsOf(progress))
    },
  }
}

function countsOf({ blocks, bytes: read, sources }: Progress): string {
  const parts: string[] = []
  if (blocks !== undefined && blocks > 0) parts.push(`${blocks} blocks verified`)
  if (read !== undefined && read > 0) parts.push(bytes(read))
  const from = Object.keys(sources ?? {}).map(operator)
  if (from.length > 0) parts.push(`from ${from.join(', ')}`)
  return parts.join(' · ')
}
