// The figure as bytes: known by heart, the same everywhere, its pixels the ramp's.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { drawFigure, type FigureInput } from '../../../lib/figure/figure.ts'
import { layoutPage } from '../../../lib/figure/layout.ts'
import { pageSvg } from '../../../lib/figure/svg.ts'
import { getRamp } from '../../../lib/image/ramps.ts'
import {
  degrees,
  figureOf,
  goldenFigure,
  pageOf,
  pictureOf,
} from '../../fixtures/figure/synthetic.ts'

// Change these only when the figure is meant to look different, or when a new libvips draws or packs
// it differently: then every published figure gets a new CID, which the changelog has to say.
const goldenPixels = 'd06e9318a771aa1e81c0eefb7fc7fce336df962f199caa40dcdccc73d59cbf53'
const goldenPng = 'd06f304c219b9563674c2bce675d20df32482052aa6d69169a6f4ff4daffca83'

/** Of 256 entries 18 are greys. */
const RAMP_ENTRIES = 238

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function decode(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  assert.equal(info.channels, 3)
  const at = (x: number, y: number): string =>
    data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3).toString('hex')
  return { width: info.width, height: info.height, data, at }
}

suite('the golden figure', () => {
  test('has the pixels and the bytes that it always had', async () => {
    const png = await drawFigure(goldenFigure())
    const { data } = await decode(png)
    assert.equal(sha256(data), goldenPixels)
    assert.equal(sha256(png), goldenPng)
  })

  for (const env of [
    { TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8' },
    { TZ: 'UTC', LC_ALL: 'C', FONTCONFIG_FILE: '/dev/null' },
  ]) {
    test(`is the same in a process with ${JSON.stringify(env)}`, () => {
      const script = fileURLToPath(
        new URL('../../fixtures/figure/print-golden.ts', import.meta.url),
      )
      const printed = execFileSync(process.execPath, [script], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      })
      assert.equal(printed, goldenPng)
    })
  }
})

test('the picture lies on the page in the colours of its ramp, every pixel enlarged', async () => {
  const values = Float64Array.from([-1, -0.5, 0, 0.5, 1, Number.NaN])
  const picture = pictureOf(values, [2, 3])
  const input = figureOf(2, 3, { picture, rampName: 'viridis' })
  const page = layoutPage(pageOf(2, 3, { anyInvalid: true }))
  const { at, width, height } = await decode(await drawFigure(input))
  assert.deepEqual([width, height], [page.width, page.height])
  assert.equal(page.enlargement, 256)
  const ramp = Buffer.from(getRamp('viridis'))
  const colours = [0, 64, 128, 192, 255].map((i) => ramp.toString('hex', i * 3, i * 3 + 3))
  for (const [place, colour] of [...colours, 'bdbdbd'].entries()) {
    const [x, y] = [page.image.x + (place % 3) * 256, page.image.y + Math.floor(place / 3) * 256]
    for (const [dx, dy] of [
      [0, 0],
      [255, 0],
      [0, 255],
      [255, 255],
    ] as const) {
      assert.equal(at(x + dx, y + dy), colour)
    }
  }
  const column = Array.from({ length: page.ramp.height }, (_, row) =>
    at(page.ramp.x + 5, page.ramp.y + row),
  )
  // All of the ramp's but those that neighbours share, whole or at its ends.
  assert.equal(new Set(column).size, RAMP_ENTRIES)
  assert.deepEqual([column[0], column.at(-1)], [colours[4], colours[0]])
})

test('a figure is a PNG of one byte a pixel, whose greys are those of its text and lines', async () => {
  const png = await drawFigure(figureOf(30, 40, { picture: pictureOf(waves(30, 40), [30, 40]) }))
  // Bit depth and colour type of IHDR: a palette.
  assert.deepEqual([...png.subarray(24, 26)], [8, 3])
  const { data } = await decode(png)
  const greys = new Set<number>()
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] === data[at + 1] && data[at] === data[at + 2]) greys.add(data[at]!)
  }
  const steps = Array.from({ length: 15 }, (_, i) => (i + 1) * 0x11)
  const drawn = new Set([...steps, 0x6b, 0xbd, 0xd4])
  assert.deepEqual(
    [...greys].filter((grey) => !drawn.has(grey)),
    [],
  )
  assert.ok(greys.size > 10)
})

function waves(rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => Math.sin(at / 7))
}

test('the page is opaque and white, its frame one dark pixel wide', async () => {
  const page = layoutPage(pageOf(4, 4))
  const { at, width, height } = await decode(await drawFigure(figureOf(4, 4)))
  for (const [x, y] of [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ] as const) {
    assert.equal(at(x, y), 'ffffff')
  }
  const middle = page.frame.y + 300
  assert.equal(at(page.frame.x + page.frame.width, middle), '333333')
  assert.equal(at(page.frame.x + page.frame.width + 1, middle), 'ffffff')
})

suite('odd figures are drawn whole', () => {
  const figures: Record<string, FigureInput> = {
    'one pixel': figureOf(1, 1),
    'tall and narrow': figureOf(900, 3),
    'wide and flat': figureOf(20, 1024),
    'nothing valid': figureOf(12, 20, {
      picture: pictureOf(new Float64Array(240).fill(Number.NaN), [12, 20]),
    }),
    'degrees, another ramp, another range': figureOf(30, 40, {
      bounds: [-57.5641, -20.0312, -57.3772, -19.7868],
      axes: degrees,
      crs: 'EPSG:4326',
      rampName: 'viridis',
      rescale: [0, 0.8],
    }),
    'no code, long words, letters that were not baked': figureOf(7, 5, {
      crs: null,
      title: 'A title that no line of this page can hold, whatever the size. '.repeat(3),
      subtitle: '漢字 🌱 <b>&amp;</b> "quoted"',
      caption: 'one\ntwo',
      footer: ['x'.repeat(400)],
    }),
  }
  for (const [name, figure] of Object.entries(figures)) {
    test(name, async () => {
      const { picture, caption = '' } = figure
      const page = layoutPage({
        ...pageOf(picture.height, picture.width),
        ...figure,
        caption,
        under: picture.under,
        over: picture.over,
        anyInvalid: picture.valid.includes(0),
      })
      const { width, height } = await decode(await drawFigure(figure))
      assert.deepEqual([width, height], [page.width, page.height])
    })
  }
})

test('no text is left to a font, and no number to its last digits', () => {
  const svg = pageSvg(layoutPage(pageOf(468, 851, { under: true })), getRamp('rdylgn'))
  assert.doesNotMatch(svg, /<(text|tspan|style|image|use)|font/)
  assert.doesNotMatch(svg, /\.\d{7}|e-\d|NaN|Infinity|undefined/)
})
