// The GeoTIFF that is written: the same bytes whatever happens first, read back exactly by us, by GDAL and by rasterio.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Cog } from '../../../lib/cog/cog.ts'
import { CogWriter, type CogWriterOptions } from '../../../lib/cog/cog-writer.ts'
import { packTile } from '../../../lib/cog/float-tile.ts'
import { NO_NUMBER } from '../../../lib/cog/int-tile.ts'
import { readSamples } from '../../../lib/cog/rows.ts'
import { int32 } from '../../../lib/cog/written-samples.ts'
import { openScratch } from '../../../lib/store/disk/scratch.ts'
import { PythonLines } from '../../harness/python-lines.ts'
import { skipWithout } from '../../harness/requires.ts'
import { cogOf, sceneFile } from '../../harness/scenes.ts'
import { bytesOf } from '../../harness/scratch.ts'

/**
 * Changes only with zlib or on purpose: then every published GeoTIFF gets a new CID, which the changelog has to say.
 */
const GOLDEN = '2de642aa2143b147d9c381bebe3de5c992acc33d190e022cab7a56610bae68bf'

const signal = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true }))

const GRID = {
  crs: 'EPSG:32620',
  transform: [30, 0, 832485, 0, -30, -340995],
  level: 0,
} as const

const utm: CogWriterOptions['geo'] = {
  keys: { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32620 },
  raw: { directory: [], doubles: [], ascii: '' },
}

/** Waves with holes in them, and one corner of a tile's size that is nothing but hole. */
function waves(rows: number, cols: number): Float64Array {
  const values = new Float64Array(rows * cols)
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const hole = (row * 7 + col * 3) % 29 === 0 || (row > 600 && col > 600)
      values[row * cols + col] = hole ? Number.NaN : Math.sin(row / 17) * Math.cos(col / 23)
    }
  }
  return values
}

async function write(
  values: Float64Array | readonly Float64Array[],
  [rows, cols]: readonly [number, number],
  changes: Partial<CogWriterOptions> = {},
  rowsAtOnce = 512,
): Promise<Uint8Array<ArrayBuffer>> {
  // No byte may be held: everything goes through files.
  await using scratch = openScratch(folder, 0)
  const writer = new CogWriter(
    { grid: { ...GRID, shape: [rows, cols] }, geo: utm, ...changes },
    scratch,
  )
  const bands = values instanceof Float64Array ? [values] : values
  for (let at = 0; at < rows * cols; at += rowsAtOnce * cols) {
    const part = bands.map((band) => band.slice(at, at + rowsAtOnce * cols))
    await writer.add(part, signal)
  }
  const nothing = bands.map(() => null)
  return await bytesOf(await writer.finish(nothing, signal))
}

/** An overview's pixel from the one to four that it covers, in row order: of them those that have a value. */
type Reduce = (children: readonly number[]) => number

const meanOf: Reduce = (children) =>
  children.reduce((sum, value) => sum + value, 0) / children.length
const firstOf: Reduce = ([first = Number.NaN]) => first

/** Each level from the one below by the rule's own words, slowly. */
function pyramidOf(values: Float64Array, rows: number, cols: number, reduce: Reduce) {
  const levels = [{ shape: [rows, cols], pixels: Float32Array.from(values) }]
  for (let [height, width] = [rows, cols]; Math.max(height, width) > 512; ) {
    const { pixels } = levels.at(-1)!
    const [h, w] = [height, width]
    ;[height, width] = [Math.ceil(h / 2), Math.ceil(w / 2)]
    const next = new Float32Array(height * width)
    for (let at = 0; at < next.length; at++) {
      const [row, col] = [Math.floor(at / width) * 2, (at % width) * 2]
      const children: number[] = []
      for (let r = row; r < Math.min(row + 2, h); r++) {
        for (let c = col; c < Math.min(col + 2, w); c++) {
          const value = pixels[r * w + c]!
          if (!Number.isNaN(value)) children.push(value)
        }
      }
      next[at] = reduce(children)
    }
    levels.push({ shape: [height, width], pixels: next })
  }
  return levels
}

function levelsOf(values: Float64Array, rows: number, cols: number): Digested[] {
  const levels = pyramidOf(values, rows, cols, meanOf)
  return levels.map(({ shape, pixels }) => ({ shape, sha256: digest(pixels) }))
}

/** NO_NUMBER where none of the children has a value. */
function firstsOf(values: Float64Array, rows: number, cols: number): Digested[] {
  const told = (value: number) => (Number.isNaN(value) ? NO_NUMBER : value)
  const levels = pyramidOf(values, rows, cols, firstOf)
  return levels.map(({ shape, pixels }) => ({ shape, sha256: digest(pixels.map(told)) }))
}

/** Every NaN as the same one. */
function digest(pixels: Float32Array): string {
  const bits = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length)
  const plain = bits.map((value, at) => (Number.isNaN(pixels[at]) ? 0x7fc00000 : value))
  return createHash('sha256').update(plain).digest('hex')
}

async function readBack({ levels }: Cog) {
  const whole = (length: number) => Int32Array.from({ length }, (_, at) => at)
  return Promise.all(
    levels.map(async (level) => {
      const samples = await readSamples(level, whole(level.height), whole(level.width), signal)
      assert.ok(samples instanceof Float32Array)
      return { shape: [level.height, level.width], sha256: digest(samples) }
    }),
  )
}

interface Inspection {
  readonly warnings: readonly string[]
  readonly errors: readonly string[]
  readonly crs: string | null
  readonly proj4: string | null
  readonly transform: readonly number[]
  readonly dtype: string
  readonly nodata: string
  readonly block: readonly number[]
  readonly area_or_point: string
  readonly structure: Readonly<Record<string, string>>
  readonly overviews: readonly number[]
  readonly levels: readonly Digested[]
  /** Of the bands after the first. */
  readonly others: readonly (readonly Digested[])[]
  readonly descriptions: readonly (string | null)[]
}

interface Digested {
  readonly shape: readonly number[]
  readonly sha256: string
}

const gdal = {
  commands: [],
  pythonModules: ['rasterio', 'osgeo_utils.samples.validate_cloud_optimized_geotiff'],
  packages: 'python3-rasterio python3-gdal',
}

let python: PythonLines | undefined
after(() => python?.close())

async function inspect(tiff: Uint8Array): Promise<Inspection> {
  const path = join(folder, `${createHash('sha256').update(tiff).digest('hex')}.tif`)
  await writeFile(path, tiff)
  const script = fileURLToPath(new URL('../../harness/inspect_cog.py', import.meta.url))
  python ??= new PythonLines([script])
  return JSON.parse(await python.ask(path))
}

const shapes: readonly (readonly [name: string, shape: readonly [number, number]])[] = [
  ['one pixel', [1, 1]],
  ['one tile, wholly filled', [512, 512]],
  ['one pixel more than a tile', [513, 513]],
  ['odd edges and three levels', [1027, 1601]],
  ['one row of tiles', [300, 2051]],
  ['one column of pixels', [1300, 1]],
  ['one row of pixels', [1, 1300]],
]

const written = new Map(
  await Promise.all(
    shapes.map(async ([name, shape]) => [name, await write(waves(...shape), shape)] as const),
  ),
)
const expectedOf = new Map(
  shapes.map(([name, shape]) => [name, levelsOf(waves(...shape), ...shape)]),
)

describe('the GeoTIFF', () => {
  it('has the bytes that it always had', async () => {
    const tiff = await write(waves(600, 700), [600, 700])
    assert.equal(createHash('sha256').update(tiff).digest('hex'), GOLDEN)
  })

  it('holds whole numbers, whose overviews are numbers of the file, equal to rasterio', async (t) => {
    const shape = [1027, 1601] as const
    const days = waves(...shape).map((value) => Math.round(value * 20_000) + 0)
    const tiff = await write(days, shape, { samples: int32, unit: 'd', bands: ['Source date'] })
    const cog = await cogOf(tiff)
    assert.deepEqual([cog.dtype, cog.nodata], ['int32', NO_NUMBER])
    const expected = firstsOf(days, ...shape)
    const read = await Promise.all(
      cog.levels.map(async (level) => {
        const whole = (length: number) => Int32Array.from({ length }, (_, at) => at)
        const samples = await readSamples(level, whole(level.height), whole(level.width), signal)
        return { shape: [level.height, level.width], sha256: digest(Float32Array.from(samples)) }
      }),
    )
    assert.deepEqual(read, expected)
    if (skipWithout(t, gdal)) return
    const { errors, warnings, dtype, nodata, descriptions, levels } = await inspect(tiff)
    assert.deepEqual([errors, warnings], [[], []])
    assert.deepEqual([dtype, Number(nodata), descriptions], ['int32', NO_NUMBER, ['Source date']])
    assert.deepEqual(levels, expected)
  })

  for (const name of written.keys()) {
    it(`is read back by us, exactly and with its overviews: ${name}`, async () => {
      const cog = await cogOf(written.get(name)!)
      assert.deepEqual([cog.dtype, cog.nodata, cog.crs], ['float32', Number.NaN, 'EPSG:32620'])
      assert.deepEqual(cog.levels[0].transform, [30, 0, 832485, 0, -30, -340995])
      assert.deepEqual(await readBack(cog), expectedOf.get(name))
    })

    it(`is valid to GDAL and equal to rasterio: ${name}`, async (t) => {
      if (skipWithout(t, gdal)) return
      const inspection = await inspect(written.get(name)!)
      const { levels, warnings, errors, structure, overviews, ...rest } = inspection
      assert.deepEqual([errors, warnings], [[], []])
      assert.deepEqual(levels, expectedOf.get(name))
      assert.deepEqual(structure, {
        COMPRESSION: 'DEFLATE',
        INTERLEAVE: 'BAND',
        LAYOUT: 'COG',
        PREDICTOR: '3',
      })
      assert.equal(overviews.length, levels.length - 1)
      assert.deepEqual(rest, {
        crs: 'EPSG:32620',
        proj4: '+init=epsg:32620',
        transform: [30, 0, 832485, 0, -30, -340995],
        dtype: 'float32',
        nodata: 'nan',
        block: [512, 512],
        area_or_point: 'Area',
        others: [],
        descriptions: ['NDVI'],
      })
    })
  }

  it('of three bands has each in planes of its own, to us and to GDAL', async (t) => {
    const shape = [600, 700] as const
    const first = waves(...shape)
    const bands = [first, first.map((value) => value / 2), first.map((value) => 1 - value)]
    const tiff = await write(bands, shape, { bands: ['one', 'half', 'rest'] })
    const expected = bands.map((values) => levelsOf(values, ...shape))
    for (const [at, levels] of expected.entries()) {
      assert.deepEqual(await readBack(await cogOf(tiff, { band: at + 1 })), levels)
    }
    assert.deepEqual(
      await write(bands, shape, { bands: ['one', 'half', 'rest'] }, 100),
      tiff,
      'whatever rows come at a time',
    )
    if (skipWithout(t, gdal)) return
    const told = await inspect(tiff)
    assert.deepEqual([told.errors, told.warnings], [[], []])
    assert.deepEqual([told.levels, ...told.others], expected)
    assert.deepEqual(told.descriptions, ['one', 'half', 'rest'])
    assert.equal(told.structure['LAYOUT'], 'COG')
  })

  it('of a scene without any valid pixel is nothing but NaN, at every level', async () => {
    const values = new Float64Array(600 * 700).fill(Number.NaN)
    const cog = await cogOf(await write(values, [600, 700]))
    assert.deepEqual(await readBack(cog), levelsOf(values, 600, 700))
  })

  it('has the same bytes however many rows come at a time', async () => {
    const values = waves(1027, 700)
    const whole = await write(values, [1027, 700])
    for (const rows of [1, 100, 511, 513, 1027]) {
      assert.deepEqual(await write(values, [1027, 700], {}, rows), whole, `${rows} rows`)
    }
  })

  it('has the same bytes whichever tile is packed first', async () => {
    const values = waves(1100, 2100)
    const whole = await write(values, [1100, 2100])
    for (const order of [1, 2, 3]) {
      let tile = 0
      const finished: number[] = []
      const pack = async (plain: Uint8Array) => {
        const number = tile++
        const packed = await packTile(plain)
        await sleep((number * 7 * order) % 40)
        finished.push(number)
        return packed
      }
      const tiff = await write(values, [1100, 2100], { pack })
      assert.notDeepEqual(
        finished,
        finished.toSorted((one, other) => one - other),
      )
      assert.ok(Buffer.from(whole).equals(tiff))
    }
  })

  it('is a BigTIFF where a classic one has no room', async (t) => {
    if (skipWithout(t, gdal)) return
    const values = waves(1027, 1601)
    const tiff = await write(values, [1027, 1601], { classicLimit: 1_000_000 })
    assert.equal(tiff[2], 43)
    const { errors, warnings, levels, structure } = await inspect(tiff)
    assert.deepEqual([errors, warnings], [[], []])
    assert.deepEqual(levels, levelsOf(values, 1027, 1601))
    assert.equal(structure['LAYOUT'], 'COG')
    assert.deepEqual(await readBack(await cogOf(tiff)), levels)
  })

  it('stops with the reason when its room is gone, or a tile cannot be packed', async () => {
    const pack = () => Promise.reject(new Error('no thread'))
    await assert.rejects(write(waves(600, 600), [600, 600], { pack }), /no thread/)
    const scratch = openScratch(folder, 0)
    const writer = new CogWriter({ grid: { ...GRID, shape: [600, 600] }, geo: utm }, scratch)
    await writer.add([waves(512, 600)], signal)
    await assert.rejects(writer.finish([null], signal), /rows are missing/)
    await scratch[Symbol.asyncDispose]()
    await writer.add([waves(88, 600)], signal)
    await assert.rejects(writer.finish([null], signal), /closed/)
  })
})

describe('the place of the GeoTIFF', () => {
  const crsOf = async (options: Partial<CogWriterOptions>) => {
    const grid = {
      crs: null,
      transform: [100, 0, 1000, 0, -100, 2000],
      shape: [3, 4],
      level: 1,
      ...options.grid,
    } as const
    return inspect(await write(waves(3, 4), [3, 4], { ...options, grid }))
  }

  it('is in degrees where the source is', async (t) => {
    if (skipWithout(t, gdal)) return
    const grid = {
      crs: 'EPSG:4326',
      transform: [0.01, 0, 10, 0, -0.01, 50],
      shape: [3, 4],
      level: 0,
    } as const
    const geo = { ...utm, keys: { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 4326 } }
    const { crs, transform } = await crsOf({ grid, geo })
    assert.deepEqual([crs, transform], ['EPSG:4326', [0.01, 0, 10, 0, -0.01, 50]])
  })

  for (const name of ['albers-by-parameters', 'feet-by-parameters']) {
    it(`is told in the source's own words where it has no code: ${name}`, async (t) => {
      if (skipWithout(t, gdal)) return
      const url = new URL(`../../fixtures/tiffs/${name}.tif`, import.meta.url)
      const bytes = new Uint8Array(await readFile(url))
      const source = await cogOf(bytes)
      const geo = { keys: source.geoKeys, raw: source.rawGeoKeys }
      const ours = await crsOf({ geo })
      assert.equal(ours.area_or_point, 'Area')
      const theirs = await inspect(bytes)
      assert.equal(ours.proj4, theirs.proj4)
      assert.match(ours.proj4 ?? '', /\+proj=/)
    })
  }

  it('is of pixel corners where the source names their centres', async (t) => {
    if (skipWithout(t, gdal)) return
    const source = await cogOf(await sceneFile('l9-c2l2-manaus', 'red'))
    const [version, revision, minor, count, ...entries] = source.rawGeoKeys.directory
    const directory = [version ?? 1, revision ?? 1, minor ?? 0, count ?? 0, ...entries]
    const at = directory.findIndex((key, index) => index % 4 === 0 && key === 1025)
    const point = directory.with(at + 3, 2)
    const geo = { keys: source.geoKeys, raw: { ...source.rawGeoKeys, directory: point } }
    const { area_or_point, crs, transform } = await crsOf({ geo })
    assert.deepEqual([area_or_point, crs], ['Area', 'EPSG:32620'])
    assert.deepEqual(transform, [100, 0, 1000, 0, -100, 2000])
  })
})
