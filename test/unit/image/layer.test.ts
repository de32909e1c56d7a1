// The bare layer: its pixels are the ramp's, its holes are holes, its bytes are always the same.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { indexPalette, shareEntries } from '../../../lib/image/indexed-palette.ts'
import { IndexedPngEncoder } from '../../../lib/image/indexed-png.ts'
import { LayerBuilder, type LayerOptions, PlacedLayerBuilder } from '../../../lib/image/layer.ts'
import { encodeMapPng } from '../../../lib/image/map-image.ts'
import { rampIndex } from '../../../lib/image/picture.ts'
import { getRamp } from '../../../lib/image/ramps.ts'
import { colormapNames } from '../../../lib/model/colormap.ts'
import { bytesOf, memoryScratch } from '../../harness/scratch.ts'

const { signal } = new AbortController()

/** Changes only with zlib or on purpose: then every published layer gets a new CID, which the changelog has to say. */
const GOLDEN = '708af0d199e1d601d170444b81ad7ed3addff329b5d7ea5b16ed6347f0cf1654'

async function layerOf(
  values: Float64Array,
  options: Pick<LayerOptions, 'shape'> & Partial<LayerOptions>,
  rowsAtOnce = options.shape[0],
): Promise<Uint8Array<ArrayBuffer>> {
  await using scratch = memoryScratch()
  const asked = { rescale: [-1, 1], rampName: 'rdylgn', ...options } as const
  const layer = new LayerBuilder(asked, scratch.openSpool())
  const step = rowsAtOnce * options.shape[1]
  const rows = new Float64Array(step)
  for (let at = 0; at < values.length; at += step) {
    const part = values.subarray(at, at + step)
    // As the scan does: one buffer for all.
    rows.set(part)
    await layer.add(rows.subarray(0, part.length), signal)
  }
  return await bytesOf(await layer.finish())
}

/** Waves with holes in them. */
function waves(rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => {
    const [row, col] = [Math.floor(at / cols), at % cols]
    if ((row * 7 + col * 3) % 29 === 0) return Number.NaN
    return Math.sin(row / 17) * Math.cos(col / 23)
  })
}

async function rgba(png: Uint8Array) {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  assert.equal(info.channels, 4)
  return { data, width: info.width, height: info.height }
}

describe('the palette', () => {
  for (const name of colormapNames) {
    it(`of ${name} loses one colour at most, to a neighbour that looks the same`, () => {
      const ramp = getRamp(name)
      const { colours, entries } = indexPalette(ramp)
      const differing = Array.from({ length: 256 }, (_, index) => {
        const shown = colours.subarray(entries[index]! * 3, entries[index]! * 3 + 3)
        const meant = ramp.subarray(index * 3, index * 3 + 3)
        return shown.reduce((sum, value, at) => sum + Math.abs(value - meant[at]!), 0)
      }).filter((difference) => difference > 0)
      assert.ok(differing.length <= 1 && differing.every((difference) => difference <= 2))
      assert.deepEqual([new Set(entries).size, Math.min(...entries)], [255, 1])
      const unique = new Set(
        Array.from({ length: 256 }, (_, at) => ramp.subarray(at * 3, at * 3 + 3).join()),
      )
      if (unique.size < 256) assert.deepEqual(differing, [])
    })

    it(`of ${name} beside 18 greys: no colour is another by more than a hundredth, nor more than one step`, () => {
      const ramp = getRamp(name)
      const { colours, entries } = shareEntries(ramp, 238)
      assert.deepEqual(new Set(entries), new Set(Array.from({ length: 238 }, (_, entry) => entry)))
      for (let index = 0; index < 256; index++) {
        const shown = [...colours.subarray(entries[index]! * 3, entries[index]! * 3 + 3)]
        const meant = [...ramp.subarray(index * 3, index * 3 + 3)]
        const most = Math.max(...shown.map((value, at) => Math.abs(value - meant[at]!)))
        assert.ok(most <= 2, `${index}: ${shown.join()} for ${meant.join()}`)
        const before = [...ramp.subarray(index * 3 - 3, index * 3)]
        assert.ok([meant.join(), before.join()].includes(shown.join()))
      }
    })
  }
})

describe('the layer', () => {
  it('has the bytes that it always had', async () => {
    const png = await layerOf(waves(300, 700), { shape: [300, 700] })
    assert.equal(createHash('sha256').update(png).digest('hex'), GOLDEN)
  })

  it('shows every pixel in the exact colour of the ramp, and none where there is no value', async () => {
    const values = waves(40, 51)
    const rescale = [-0.25, 0.75] as const
    const png = await layerOf(values, { shape: [40, 51], rescale })
    const { data, width, height } = await rgba(png)
    assert.deepEqual([width, height], [51, 40])
    const ramp = getRamp('rdylgn')
    values.forEach((value, at) => {
      const pixel = [...data.subarray(at * 4, at * 4 + 4)]
      if (Number.isNaN(value)) return assert.equal(pixel[3], 0, `pixel ${at}`)
      const index = rampIndex(value, ...rescale)
      assert.deepEqual(pixel, [...ramp.subarray(index * 3, index * 3 + 3), 255], `pixel ${at}`)
    })
  })

  it('holds what lies outside its range at the ends of the ramp', async () => {
    const values = Float64Array.of(-1, 0, 0.1, 0.5, 0.9, 1)
    const { data } = await rgba(
      await layerOf(values, { shape: [1, 6], rescale: [0.1, 0.9], rampName: 'magma' }),
    )
    const [first, last] = ['0,0,3,255', '251,252,191,255']
    const pixels = [0, 1, 2, 4, 5].map((at) => data.subarray(at * 4, at * 4 + 4).join())
    assert.deepEqual(pixels, [first, first, first, last, last])
  })

  it('is the same however many rows come at a time', async () => {
    const values = waves(311, 257)
    const whole = await layerOf(values, { shape: [311, 257] })
    for (const rows of [1, 2, 100, 310]) {
      assert.deepEqual(await layerOf(values, { shape: [311, 257] }, rows), whole, `${rows} rows`)
    }
  })

  it('is a PNG of one pixel, of nothing valid, and of one row and column', async () => {
    const shapes = [
      [1, 1],
      [1, 3000],
      [3000, 1],
    ] as const
    for (const shape of shapes) {
      const values = new Float64Array(shape[0] * shape[1]).fill(Number.NaN)
      const { data, width, height } = await rgba(await layerOf(values, { shape }))
      assert.deepEqual([height, width], shape)
      assert.ok(data.every((byte, at) => at % 4 !== 3 || byte === 0))
    }
  })

  it('is indexed, with a checksum on every chunk and chunks of one size', async () => {
    const noisy = Float64Array.from({ length: 512 * 600 }, (_, at) => Math.sin(at * at))
    const png = Buffer.from(await layerOf(noisy, { shape: [512, 600] }))
    const types: string[] = []
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
      types.push(`${png.toString('latin1', at + 4, at + 8)} ${png.readUInt32BE(at)}`)
    }
    assert.deepEqual(types.slice(0, 4), ['IHDR 13', 'PLTE 768', 'tRNS 1', 'IDAT 65536'])
    assert.deepEqual(types.at(-1), 'IEND 0')
    assert.ok(types.slice(3, -2).every((type) => type === 'IDAT 65536'))
    assert.equal(png[25], 3)
  })
})

describe('the encoder', () => {
  const options = { width: 100, height: 300, colours: new Uint8Array(768) }

  it('refuses rows that are no rows, too many, and an end before the last', async () => {
    await using scratch = memoryScratch()
    const png = new IndexedPngEncoder(options, scratch.openSpool())
    await assert.rejects(png.addRows(new Uint8Array(150)), RangeError)
    await assert.rejects(png.addRows(new Uint8Array(301 * 100)), RangeError)
    await png.addRows(new Uint8Array(299 * 100))
    await assert.rejects(png.finish(), /1 rows are missing/)
  })

  it('ends with the reason when its bytes cannot be written', async () => {
    let appends = 0
    const full = {
      append: () => (appends++ < 2 ? Promise.resolve() : Promise.reject(new Error('disk full'))),
    }
    const wide = { ...options, width: 4000 }
    const png = new IndexedPngEncoder(wide, full)
    const noisy = Uint8Array.from({ length: 4000 * 100 }, (_, at) => (at * at) >> 3)
    const writeAll = async () => {
      for (let rows = 0; rows < 3; rows++) await png.addRows(noisy)
      await png.finish()
    }
    await assert.rejects(writeAll(), /disk full/)
  })
})

describe('pictures that are whole in memory, or come in any order', () => {
  it('are the same bytes as the layer', async () => {
    for (const shape of [
      [300, 431],
      [1, 7],
    ] as const) {
      const [rows, cols] = shape
      const values = waves(rows, cols)
      const options = { shape, rescale: [-1, 1], rampName: 'viridis' } as const
      const layer = await layerOf(values, options)
      assert.ok(Buffer.compare(layer, await encodeMapPng(values, options)) === 0)
      await using scratch = memoryScratch()
      const placed = new PlacedLayerBuilder(options, scratch.openSpool())
      for (let at = values.length - 1; at >= 0; at--)
        if (!Number.isNaN(values[at])) placed.paint(at, values[at] ?? 0)
      assert.ok(Buffer.compare(layer, await bytesOf(await placed.finish(signal))) === 0)
    }
  })
})
