// The page of every odd shape: nothing outside it, nothing over anything else, everything spelled.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { layoutPage, type PageContent, type PageLayout } from '../../../lib/figure/layout.ts'
import { type Box, labelBox } from '../../../lib/figure/marks.ts'
import { degrees, metres, pageOf, redCid } from '../../fixtures/figure/synthetic.ts'
import { hasGlyph } from '../../harness/glyphs.ts'

function overlap(a: Box, b: Box): boolean {
  const beside = a.x + a.width <= b.x || b.x + b.width <= a.x
  return !beside && a.y + a.height > b.y && b.y + b.height > a.y
}

/** Whole pixels, with a point's slanted line counted in. */
function pointBox(point: PageLayout['points'][number]): Box {
  const [xs, ys] = [point.corners.map(([x]) => x), point.corners.map(([, y]) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

function checkPage(content: PageContent): PageLayout {
  const page = layoutPage(content)
  const inks = [page.frame, page.ramp, ...page.fills, ...page.points.map(pointBox)]
  const labels = page.labels.map((label) => ({ name: label.text, box: labelBox(label) }))
  for (const box of [...inks, ...labels.map(({ box }) => box)]) {
    const inside = box.x >= 0 && box.y >= 0
    assert.ok(inside && box.x + box.width <= page.width && box.y + box.height <= page.height)
  }
  for (const [i, { name, box }] of labels.entries()) {
    for (const other of labels.slice(i + 1)) {
      assert.ok(!overlap(box, other.box), `"${name}" overlaps "${other.name}"`)
    }
    assert.ok(!inks.some((ink) => overlap(ink, box)), `"${name}" overlaps what is drawn`)
  }
  for (const { text, weight } of page.labels) {
    for (const character of text) assert.ok(hasGlyph(character, weight), `no glyph: ${character}`)
  }
  assert.ok(!overlap(page.frame, page.ramp))
  assert.ok(page.image.x >= page.frame.x && page.image.y >= page.frame.y)
  assert.ok(page.image.x + page.image.width <= page.frame.x + page.frame.width)
  assert.ok(page.image.y + page.image.height <= page.frame.y + page.frame.height)
  for (const side of [page.width, page.height, ...inks.slice(0, 2).flatMap(Object.values)]) {
    if (typeof side === 'number') assert.ok(Number.isInteger(side))
  }
  return page
}

const shapes = [
  [1, 1],
  [900, 3],
  [3, 900],
  [20, 1024],
  [1024, 20],
  [60, 60],
  [468, 851],
  [1024, 1024],
  [511, 512],
] as const

const contents: Record<string, Partial<PageContent>> = {
  usual: {},
  'invalid pixels': { anyInvalid: true },
  'values beyond both ends': { under: true, over: true, anyInvalid: true, rescale: [-0.3, 0.7] },
  'a narrow range': { rescale: [0.1234, 0.1235] },
  'bounds on round numbers': { bounds: [500000, 4000000, 506000, 4006000], anyInvalid: true },
  'southern northings': { bounds: [832485, 9632005, 859485, 9659005], crs: 'EPSG:32720' },
  degrees: { bounds: [-57.5641, -20.0312, -57.3772, -19.7868], axes: degrees, crs: 'EPSG:4326' },
  'a garden in degrees': {
    bounds: [-157.5641, -20.03124, -157.56405, -20.0312],
    axes: degrees,
    crs: 'EPSG:4326',
  },
  'no code': { crs: null, caption: 'Every second pixel is drawn.' },
  'the longest names of units': {
    axes: [
      { name: 'Easting', unit: 'German legal metre' },
      { name: 'Northing', unit: 'German legal metre' },
    ],
    crs: 'EPSG:2045000',
    anyInvalid: true,
  },
  'bounds of no extent': { bounds: [5, 5, 5, 5] },
  'no words': { title: '', subtitle: '', footer: [] },
  'long words': {
    title: 'A title that is much longer than any column could hold in one line. '.repeat(4),
    subtitle: 'S2A_MSIL2A_20200509T093041_N0214_R136_T33UUP_20200509T123456'.repeat(3),
    caption: 'São João, Ñuñoa, Ærø: ÀÉÎÕÜ and so on, and on, in capitals with accents. '.repeat(3),
    footer: [
      `a label of its own length\t${redCid}/a/path/in/a/directory/${redCid}`,
      'a line without a label',
      redCid.repeat(4),
      '',
      'a label only\t',
    ],
  },
}

for (const [name, changes] of Object.entries(contents)) {
  suite(`a page with ${name}`, () => {
    for (const [rows, cols] of shapes) {
      test(`${rows} x ${cols}`, () => {
        const page = checkPage(pageOf(rows, cols, changes))
        const written = page.labels
          .map(({ text }) => text)
          .join('')
          .replaceAll(' ', '')
        for (const text of [changes.title, changes.subtitle, changes.caption]) {
          assert.ok(written.includes((text ?? '').replaceAll(' ', '')), 'a text was cut')
        }
      })
    }
  })
}

test('made-up pages hold together whatever their numbers', () => {
  let state = 20260726
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  for (let i = 0; i < 400; i++) {
    const [rows, cols] = [Math.ceil(1024 * random() ** 3), Math.ceil(1024 * random() ** 3)]
    const unit = 10 ** (8 * random() - 4)
    const [left, bottom] = [(random() - 0.5) * 1e4 * unit, (random() - 0.5) * 1e4 * unit]
    const lo = 2 * random() - 1
    checkPage(
      pageOf(rows, cols, {
        bounds: [left, bottom, left + cols * unit, bottom + rows * unit],
        crs: ['EPSG:32620', 'EPSG:4326', null][i % 3] ?? null,
        axes: i % 3 === 1 ? degrees : metres,
        rescale: [lo, lo + 10 ** (-4 * random())],
        under: random() < 0.5,
        over: random() < 0.5,
        anyInvalid: random() < 0.5,
      }),
    )
  }
})

test('every page names its axes and what the colours mean, and numbers all three', () => {
  for (const [rows, cols] of shapes) {
    const texts = layoutPage(pageOf(rows, cols)).labels.map(({ text }) => text)
    for (const name of ['Easting (m), EPSG:32620', 'Northing (m)', 'NDVI']) {
      assert.equal(texts.filter((text) => text === name).length, 1)
    }
    assert.ok(texts.filter((text) => /^−?\d+$/.test(text)).length >= 2)
    assert.ok(texts.some((text) => /^1(\.0+)?$/.test(text)))
  }
})

test('the swatch is there only when a pixel has no value', () => {
  for (const anyInvalid of [true, false]) {
    const texts = layoutPage(pageOf(60, 60, { anyInvalid })).labels.map(({ text }) => text)
    assert.equal(texts.includes('no data'), anyInvalid)
  }
})

test('the bar stands beside the map, as high as the map; its points take from its own height', () => {
  const plain = layoutPage(pageOf(468, 851))
  assert.deepEqual([plain.ramp.y, plain.ramp.height], [plain.frame.y, plain.frame.height])
  const pointed = layoutPage(pageOf(468, 851, { under: true, over: true }))
  assert.deepEqual(
    [pointed.ramp.y, pointed.ramp.height],
    [pointed.frame.y + 11, pointed.frame.height - 22],
  )
  assert.deepEqual(
    pointed.points.map(({ end }) => end),
    ['under', 'over'],
  )
})

test('ids in the footer stand in one column', () => {
  const { labels } = layoutPage(pageOf(468, 851))
  const ids = labels.filter(({ text }) => text.startsWith('bafy'))
  assert.equal(ids.length, 2)
  assert.equal(ids[0]?.x, ids[1]?.x)
  assert.equal(ids[0]?.size, ids[1]?.size)
})
