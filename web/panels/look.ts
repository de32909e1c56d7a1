// Look: the scene's NDVI with its numbers, and the controls of how it is counted and drawn.

import type { Context, Panel, Result } from '../context.ts'
import { h, show } from '../dom.ts'
import { count, day, ndvi, percent, weekday } from '../format.ts'
import { readRange } from '../range.ts'
import { trustChip } from '../widgets/chip.ts'
import { histogram } from '../widgets/histogram.ts'
import { rampBar } from '../widgets/legend.ts'
import { areaControls } from './area.ts'
import { codePanel } from './code.ts'
import { type Choice, choose, type Field, field, slide } from './fields.ts'
import { firstWords } from './first-words.ts'

const masks: readonly Choice[] = [
  ['', 'none'],
  ['clouds', 'clouds and their shadows'],
  ['cloud', 'clouds'],
  ['clouds,snow,water', 'clouds, snow and water'],
  ['water', 'water'],
]
const scales: readonly Choice[] = [
  ['auto', 'as the scene says'],
  ['stac', 'by its STAC bands'],
  ['l2sr', 'Landsat surface reflectance'],
  ['l1toa', 'Landsat top of atmosphere'],
  ['none', 'raw numbers'],
]
const ramps: readonly Choice[] = [
  ['rdylgn', 'red, yellow, green'],
  ['cividis', 'cividis (for colour-blind eyes)'],
  ['viridis', 'viridis'],
  ['greens', 'greens'],
  ['ylgn', 'yellow, green'],
  ['rdylbu', 'red, yellow, blue'],
  ['rdbu', 'red, white, blue'],
  ['brbg', 'brown, blue green'],
  ['piyg', 'pink, yellow green'],
  ['spectral', 'spectral'],
  ['magma', 'magma'],
]
const sizes: readonly Choice[] = [
  ['512', '512 pixels'],
  ['1024', '1,024 pixels'],
  ['2048', '2,048 pixels'],
  ['full', 'every pixel'],
]
const trusts: readonly Choice[] = [
  ['fingerprint', 'a CID or a fingerprint'],
  ['cid', 'a CID of the item'],
  ['transport', 'nothing (not verified)'],
]

export function lookPanel(context: Context): Panel {
  const area = areaControls(context)
  const drawn: readonly Field[] = [
    choose(context, 'colormap', 'Colours', ramps),
    range(context),
    slide(context, 'opacity', 'Opacity'),
  ]
  const counted: readonly Field[] = [
    choose(context, 'mask', 'Set aside', masks),
    choose(context, 'scale', 'Reflectance', scales),
    choose(context, 'size', 'Longest side', sizes),
    choose(context, 'trust', 'Accept at least', trusts),
  ]
  const first = firstWords(context)
  const numbers = h('div', {})
  const ramp = h('div', { class: 'ramp' })
  const code = codePanel(context)
  const element = h(
    'section',
    { 'aria-label': 'Look' },
    first,
    numbers,
    h('h2', {}, 'Area'),
    area.element,
    h('h2', {}, 'Drawn'),
    h('div', { class: 'grid2' }, ...drawn.map((each) => each.element)),
    ramp,
    h('h2', {}, 'Counted'),
    h('div', { class: 'grid2' }, ...counted.map((each) => each.element)),
    code.element,
  )
  let shown: readonly unknown[] = []
  return {
    element,
    update(state, before) {
      for (const each of [...drawn, ...counted, area]) each.update(state)
      show(ramp, rampBar(state.colormap))
      first.hidden = context.result()?.name !== 'sample'
      const result = context.result()
      const asked = [result, context.other()]
      // What a person has opened in it, or is reading, stays.
      if (asked.every((each, at) => each === shown[at])) return
      shown = asked
      show(numbers, result === null ? null : numbersOf(result, context))
      code.update(state, before)
    },
  }
}

/** What is no range is told where it was typed, and not asked for. */
function range({ store }: Context): Field {
  const control = h('input', { name: 'rescale', autocomplete: 'off', onchange: take })
  function take(): void {
    const read = readRange(control.value)
    control.setCustomValidity(read === null ? 'Give two numbers, the smaller first: -0.2,0.9' : '')
    if (read === null) control.reportValidity()
    else store.set({ rescale: read.join(',') })
  }
  return field('Range', control, ({ rescale }) => {
    if (document.activeElement !== control) control.value = rescale
  })
}

/** Both dates of the swipe, and the way out of it. */
function besideNote(context: Context): HTMLElement | null {
  const other = context.other()
  if (other === null) return null
  const { item, statistics } = other.reply
  const end = () => context.store.set({ other: null })
  return h(
    'p',
    { class: 'small' },
    'Beside it: ',
    h('strong', { title: weekday(item.datetime) }, day(item.datetime)),
    ` mean ${ndvi(statistics.mean)} `,
    h('button', { type: 'button', class: 'link', onclick: end }, 'End the swipe'),
  )
}

function numbersOf({ reply, noTiles }: Result, context: Context): HTMLElement {
  const { statistics: s, item, proof, warnings, grid, radiometry } = reply
  const rows = [
    ['mean', ndvi(s.mean)],
    ['median', ndvi(s.percentiles['50'])],
    ['standard deviation', ndvi(s.stddev)],
    ['25 to 75 %', `${ndvi(s.percentiles['25'])} to ${ndvi(s.percentiles['75'])}`],
    ['least to greatest', `${ndvi(s.minimum)} to ${ndvi(s.maximum)}`],
    [
      'pixels',
      `${count(s.valid_count)} of ${count(s.total_count)} (${percent(Number(s.valid_percent.toFixed(1)))})`,
    ],
  ] as const
  const { figure } = reply.assets
  return h(
    'div',
    { class: 'numbers' },
    h(
      'p',
      { class: 'scene' },
      h('strong', { title: weekday(item.datetime) }, day(item.datetime)),
      ' ',
      h('span', { class: 'name' }, item.id),
    ),
    h(
      'button',
      { type: 'button', class: 'link', onclick: () => context.store.set({ tab: 'believe' }) },
      trustChip(proof.trust),
    ),
    h('p', { class: 'hero', id: 'mean' }, ndvi(s.mean), h('span', { class: 'unit' }, ' mean NDVI')),
    besideNote(context),
    histogram(s),
    h(
      'table',
      {},
      h(
        'tbody',
        {},
        ...rows.map(([name, value]) =>
          h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value)),
        ),
      ),
    ),
    noTiles !== null && h('p', { class: 'warning' }, `It is not on the map: ${noTiles}`),
    ...warnings.map((line) => h('p', { class: 'warning' }, line)),
    h(
      'p',
      { class: 'small faint' },
      `${grid.shape[1]} × ${grid.shape[0]} pixels, ${grid.crs ?? 'a CRS of its own'}, ` +
        `reflectance by rule “${radiometry.applied}”.`,
    ),
    figure === undefined
      ? null
      : h(
          'details',
          {},
          h('summary', {}, 'Figure'),
          h(
            'a',
            { href: figure.href, target: '_blank' },
            h('img', {
              src: figure.href,
              alt: `NDVI of ${item.id} with axes and colour bar`,
              loading: 'lazy',
            }),
          ),
        ),
  )
}
