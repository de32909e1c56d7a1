// Whether a result comes out again, or is what fingerprints of its files say: asked of POST /verify.

import { stopped, work } from '../api.ts'
import type { Context } from '../context.ts'
import { h, show } from '../dom.ts'
import { queryText } from '../format.ts'
import type { Trust } from '../replies.ts'
import { isGivenUp, problemBox, tryAgain } from '../widgets/problem-box.ts'
import { waiting } from '../widgets/waiting.ts'

type Read = { readonly href: string } & (
  | { readonly status: 'confirmed'; readonly ranges: number }
  | { readonly status: 'refuted'; readonly ranges: number; readonly differing: number }
  | { readonly status: 'unknown'; readonly reason: string }
)

interface Verdict {
  /** null where nothing was computed again. */
  readonly reproduced: boolean | null
  readonly reads?: Readonly<Record<string, Read>>
  readonly differs: readonly {
    readonly file: string
    readonly at?: string | null
    readonly published?: unknown
    readonly recomputed?: unknown
  }[]
}

/** What is verified depends on whether the result names its files by content. */
function wordsOf(trust: Trust) {
  return trust === 'transport'
    ? {
        title: 'Is it what the files hold?',
        label: 'Compare',
        about: 'Compares what was read with fingerprints of the same files, where they are known.',
        waits: 'Comparing what was read with fingerprints',
      }
    : {
        title: 'Does it come out again?',
        label: 'Recompute',
        about:
          'Computes it once more from what the published item says and nothing else, and compares every byte.',
        waits: 'Computing the same again from the published item alone',
      }
}

export function verifyControl(
  root: string,
  trust: Trust,
  { askToken, mayWork }: Context,
): HTMLElement[] {
  const { title, label, about, waits } = wordsOf(trust)
  const outcome = h('div', { id: 'verdict' })
  const start = h('button', { type: 'button', class: 'main' }, label)
  const run = async () => {
    const gone = new AbortController()
    const wait = waiting(waits, () => gone.abort(stopped))
    show(outcome, wait.element)
    start.disabled = true
    try {
      const options = { asJob: mayWork(), tell: wait.tell, signal: gone.signal }
      show(outcome, verdict(await work<Verdict>('/verify', { cid: root }, options)))
    } catch (error) {
      const again = { label: tryAgain, act: () => void run() }
      const enterToken = { label: 'Enter a token', act: askToken }
      show(
        outcome,
        isGivenUp(error)
          ? 'Stopped.'
          : problemBox(error, mayWork() ? [again] : [enterToken, again]),
      )
    } finally {
      start.disabled = false
    }
  }
  start.addEventListener('click', () => void run())
  return [h('h2', {}, title), h('div', {}, h('p', { class: 'small' }, about), start, outcome)]
}

function verdict({ reproduced, differs, reads }: Verdict): HTMLElement {
  if (reads !== undefined) return readVerdicts(reads)
  if (reproduced === true)
    return h('p', { class: 'good' }, 'Equal: the same root, every file byte for byte.')
  const lines = differs.map(({ file, at, published, recomputed }) => {
    const place = [file === '' ? 'directory' : file, at ?? ''].join(' ').trim()
    return h('li', {}, `${place}: ${queryText(published)}, recomputed ${queryText(recomputed)}`)
  })
  return h(
    'div',
    { class: 'problem', role: 'alert' },
    h('p', {}, 'It does not come out again:'),
    h('ul', {}, ...lines),
  )
}

function readVerdicts(reads: Readonly<Record<string, Read>>): HTMLElement {
  const verdicts = Object.entries(reads)
  const isBad = verdicts.some(([, { status }]) => status === 'refuted')
  const isGood = verdicts.every(([, { status }]) => status === 'confirmed')
  const lines = verdicts.map(([name, read]) => h('li', {}, `${name}: ${readText(read)}`))
  return h(
    'div',
    isBad ? { class: 'problem', role: 'alert' } : { class: isGood ? 'good' : 'small' },
    h('ul', {}, ...lines),
  )
}

function readText(read: Read): string {
  if (read.status === 'unknown') return read.reason
  if (read.status === 'confirmed') return `confirmed, all ${read.ranges} ranges are in the file`
  return `refuted, ${read.differing} of ${read.ranges} ranges are not in the file`
}
