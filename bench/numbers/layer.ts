// The layer of a whole scene: our indexed PNG beside sharp's, in one run.

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { indexPalette } from '../../lib/image/indexed-palette.ts'
import { IndexedPngEncoder } from '../../lib/image/indexed-png.ts'
import { LayerBuilder } from '../../lib/image/layer.ts'
import { rampIndex } from '../../lib/image/picture.ts'
import { getRamp } from '../../lib/image/ramps.ts'
import { scanNdvi } from '../../lib/pixels/scan.ts'
import { everything } from '../../lib/pixels/selection.ts'
import { chooseWindow } from '../../lib/pixels/window.ts'
import { readContent } from '../../lib/store/file-content.ts'
import { cogOf, sceneFile } from '../../test/harness/scenes.ts'
import { memoryScratch } from '../../test/harness/scratch.ts'
import { median, print, printTable, type Verdicts } from '../part.ts'

/** A Landsat scene. */
const [ROWS, COLS] = [7700, 7800] as const
const BAND = 512
const RUNS = 3
const TIMES_FASTER = 5
const RESCALE = [-1, 1] as const
/** Landsat Collection 2 Level 2. */
const BAND_RULES = { scale: 2.75e-5, offset: -0.2, fill: [0], saturation: 65535 }
const RULES = { red: BAND_RULES, nir: BAND_RULES, minimumDenominator: 1e-6 }

const { signal } = new AbortController()

type Pixels = readonly Float64Array[]

interface Contender {
  readonly name: string
  readonly encode: () => Promise<Uint8Array>
}

/** Prints a table. */
export async function benchLayer(verdicts: Verdicts): Promise<void> {
  const crop = await cropOfScene()
  const rows = Array.from({ length: ROWS }, (_, row) => crop[mirror(row, crop.length)]!)
  const contenders = contendersFor(rows)
  const took = contenders.map((): number[] => [])
  const cpu = contenders.map((): number[] => [])
  const made: Uint8Array[] = []
  for (let run = 0; run < RUNS; run++) {
    for (const [at, { encode }] of contenders.entries()) {
      const [started, used] = [performance.now(), process.cpuUsage()]
      made[at] = await encode()
      took[at]?.push(performance.now() - started)
      const { user, system } = process.cpuUsage(used)
      cpu[at]?.push((user + system) / 1000)
    }
  }
  const medians = took.map(median)
  const theirs = medians.at(-1) ?? Number.NaN
  print(`\nlayer of ${ROWS} x ${COLS} px; medians of ${RUNS} alternating runs`)
  const table = contenders.map(({ name }, at) => [
    name,
    ((medians[at] ?? Number.NaN) / 1000).toFixed(2),
    (median(cpu[at] ?? []) / 1000).toFixed(2),
    ((made[at]?.length ?? 0) / 1e6).toFixed(1),
  ])
  printTable(['encoder', 'wall s', 'cpu s', 'MB'], table)
  const exact = (await pixelsOf(made[0]!)) === digest(paint(rows))
  verdicts.holds('the layer has the very pixels that the ramp gives', exact)
  const share = (medians[0] ?? Number.NaN) / theirs
  verdicts.atMost('the layer: wall time, of sharp’s palette PNG', share, 1 / TIMES_FASTER)
}

/** NDVI of a real scene, its rows mirrored until they are as wide as a whole one. */
async function cropOfScene(): Promise<Pixels> {
  const open = async (band: string) => cogOf(await sceneFile('l9-c2l2-manaus', band))
  const [red, nir] = [await open('red'), await open('nir08')]
  const window = chooseWindow(red, nir, null, 'full', 1e9)
  const rows: Float64Array[] = []
  for await (const scanned of scanNdvi(window, RULES, everything, signal)) {
    for (let row = 0; row < scanned.rows; row++) {
      const values = scanned.values.slice(row * scanned.cols, (row + 1) * scanned.cols)
      const wide = Float64Array.from(
        { length: COLS },
        (_, col) => values[mirror(col, values.length)]!,
      )
      rows.push(wide)
    }
  }
  return rows
}

/** 0 1 2 … n-1 n-1 … 2 1 0 0 1 2 … */
function mirror(index: number, length: number): number {
  const turn = index % (2 * length)
  return turn < length ? turn : 2 * length - 1 - turn
}

function contendersFor(rows: Pixels): readonly Contender[] {
  const { colours, entries } = indexPalette(getRamp('rdylgn'))
  const indices = paintIndices(rows, entries)
  const rgba = paint(rows)
  const raw = { width: COLS, height: ROWS, channels: 4 } as const
  return [
    { name: 'ours, from NDVI', encode: () => encodeNdvi(rows) },
    { name: 'ours, from palette indices', encode: () => encodeIndices(indices, colours) },
    {
      name: 'sharp, palette: true, from painted pixels',
      encode: () => sharp(rgba, { raw, limitInputPixels: false }).png({ palette: true }).toBuffer(),
    },
  ]
}

async function encodeNdvi(rows: Pixels): Promise<Uint8Array> {
  await using scratch = memoryScratch()
  const options = { shape: [ROWS, COLS], rescale: RESCALE, rampName: 'rdylgn' } as const
  const layer = new LayerBuilder(options, scratch.openSpool())
  const band = new Float64Array(BAND * COLS)
  for (let first = 0; first < ROWS; first += BAND) {
    const some = rows.slice(first, first + BAND)
    some.forEach((row, at) => band.set(row, at * COLS))
    await layer.add(band.subarray(0, some.length * COLS), signal)
  }
  return await readContent(await layer.finish(), signal)
}

async function encodeIndices(indices: Uint8Array, colours: Uint8Array): Promise<Uint8Array> {
  await using scratch = memoryScratch()
  const spool = scratch.openSpool()
  const png = new IndexedPngEncoder({ width: COLS, height: ROWS, colours }, spool)
  for (let at = 0; at < indices.length; at += BAND * COLS) {
    await png.addRows(indices.subarray(at, at + BAND * COLS))
  }
  await png.finish()
  return await readContent(spool, signal)
}

function paintIndices(rows: Pixels, entries: Uint8Array): Uint8Array {
  const indices = new Uint8Array(ROWS * COLS)
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      if (!Number.isNaN(value)) indices[y * COLS + x] = entries[rampIndex(value, ...RESCALE)]!
    }),
  )
  return indices
}

/** Every pixel as red green blue alpha; wholly transparent ones in the palette's colour for them. */
function paint(rows: Pixels): Uint8Array {
  const { colours, entries } = indexPalette(getRamp('rdylgn'))
  const indices = paintIndices(rows, entries)
  const painted = new Uint8Array(indices.length * 4)
  indices.forEach((index, at) => {
    painted.set(colours.subarray(index * 3, index * 3 + 3), at * 4)
    painted[at * 4 + 3] = index === 0 ? 0 : 255
  })
  return painted
}

async function pixelsOf(png: Uint8Array): Promise<string> {
  return digest(await sharp(png, { limitInputPixels: false }).ensureAlpha().raw().toBuffer())
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
