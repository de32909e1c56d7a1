// Random GeoTIFFs by GDAL (test/fuzz/make_geotiffs.py), each read here and held against what rasterio reads of it.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Cog, type Level, openCog } from '../../lib/cog/cog.ts'
import { readFill, readSamples } from '../../lib/cog/rows.ts'
import type { Samples } from '../../lib/cog/samples.ts'
import { GreenprintError } from '../../lib/errors.ts'
import { emptyTally, ndviOfRows } from '../../lib/pixels/ndvi.ts'
import { FILL } from '../../lib/pixels/qa.ts'
import { memoryFile } from './memory-file.ts'
import { PYTHON, type Requirement } from './requires.ts'

export const geotiffsRequirement: Requirement = {
  commands: [],
  pythonModules: ['rasterio', 'osgeo.gdal'],
  packages: 'python3-rasterio python3-gdal',
}

/** One line of what the script prints. */
interface Made {
  readonly file: string
  readonly how: Readonly<Record<string, unknown>>
  /** Why GDAL itself cannot read it. */
  readonly unread?: string
  readonly band: number | null
  readonly crs: string | null
  /** Null where the file has none. */
  readonly transform: readonly number[] | null
  readonly levels: readonly ExpectedLevel[]
}

interface ExpectedLevel {
  readonly size: readonly [number, number]
  readonly pixels: string
  readonly fill: string
  readonly filled: number
}

/** What became of a file. */
export interface Outcome {
  readonly made: Made
  readonly fate: 'equal' | 'refused' | 'read though GDAL does not'
  /** Of a refusal. */
  readonly reason: string
}

const signal = new AbortController().signal
const script = fileURLToPath(new URL('../fuzz/make_geotiffs.py', import.meta.url))

/** Makes the files, reads each, and throws where one is read as something else than rasterio reads. */
export async function readRandomGeotiffs(seed: number, count: number): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'geotiffs-'))
  try {
    const { stdout } = await promisify(execFile)(
      PYTHON,
      ['-W', 'ignore', '-B', script, folder, String(seed), String(count)],
      { maxBuffer: 2 ** 28 },
    )
    const lines: Made[] = stdout
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    assert.equal(lines.length, count)
    const outcomes: Outcome[] = []
    for (const made of lines) {
      const bytes = Uint8Array.from(await readFile(join(folder, made.file)))
      outcomes.push(await outcomeOf(made, bytes))
    }
    return outcomes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function outcomeOf(made: Made, bytes: Uint8Array<ArrayBuffer>): Promise<Outcome> {
  try {
    const cog = await openCog(memoryFile(bytes), signal, { band: made.band })
    const levels: ExpectedLevel[] = []
    for (const level of cog.levels) levels.push(await describeLevel(level, cog))
    if (made.unread !== undefined) return { made, fate: 'read though GDAL does not', reason: '' }
    const name = JSON.stringify(made.how)
    assert.deepEqual(levels, made.levels, name)
    requireSamePlace(cog, made, name)
    return { made, fate: 'equal', reason: '' }
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'raster_unusable') throw error
    return { made, fate: 'refused', reason: error.message }
  }
}

async function describeLevel(level: Level, cog: Cog): Promise<ExpectedLevel> {
  const whole = (length: number) => Int32Array.from({ length }, (_, at) => at)
  const [rows, cols] = [whole(level.height), whole(level.width)]
  const samples = await readSamples(level, rows, cols, signal)
  const fill = fillOf(samples, await readFill(level, rows, cols, signal), cog)
  return {
    size: [level.width, level.height],
    pixels: digest(withOneNaN(samples)),
    fill: digest(fill),
    filled: fill.reduce((sum, value) => sum + value, 0),
  }
}

/** What the NDVI takes for fill: with a scale of 0 and an offset of 1 everything else has a value. */
function fillOf(samples: Samples, masked: Uint8Array | null, cog: Cog): Uint8Array<ArrayBuffer> {
  const fill = cog.nodata === null ? [] : [cog.nodata]
  const band = { scale: 0, offset: 1, fill, saturation: null }
  const out = new Float64Array(samples.length)
  const marks = masked === null ? null : masked.map((value) => value * FILL)
  const rules = { red: band, nir: band, minimumDenominator: 1 }
  ndviOfRows(samples, samples, marks, rules, out, emptyTally())
  return Uint8Array.from(out, (value) => (Number.isNaN(value) ? 1 : 0))
}

function withOneNaN(samples: Samples): Samples {
  const isFloat = samples instanceof Float32Array || samples instanceof Float64Array
  return isFloat ? samples.map((value) => (Number.isNaN(value) ? Number.NaN : value)) : samples
}

function digest({ buffer, byteOffset, byteLength }: Samples): string {
  return createHash('sha256')
    .update(Buffer.from(buffer, byteOffset, byteLength))
    .digest('hex')
}

function requireSamePlace({ crs, levels: [full] }: Cog, made: Made, name: string): void {
  assert.equal(crs, made.crs, name)
  const { transform: expected } = made
  assert.ok(expected !== null, `a georeference was made up: ${name}`)
  const [a, b, , d, e] = expected
  // A shear that moves no pixel by a thousandth is none.
  const drift = Math.abs((b ?? 0) * full.height) + Math.abs((d ?? 0) * full.width)
  assert.ok(drift < 1e-3 * Math.min(Math.abs(a ?? 0), Math.abs(e ?? 0)), name)
  for (const at of [0, 2, 4, 5]) {
    const [value, wanted] = [full.transform[at] ?? Number.NaN, expected[at] ?? Number.NaN]
    const tolerance = 1e-9 * Math.max(1e-3, Math.abs(wanted))
    assert.ok(Math.abs(value - wanted) <= tolerance, `${name}: ${full.transform.join(' ')}`)
  }
}

/** How many files of each kind were equal, or refused for which reason. */
export function tabulate(outcomes: readonly Outcome[], key: string): string[] {
  const rows = Map.groupBy(outcomes, ({ made }) => String(made.how[key]))
  return [...rows]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([value, some]) => {
      const count = (fate: Outcome['fate']) => some.filter((one) => one.fate === fate).length
      return `${key} ${value}: ${count('equal')} equal, ${count('refused')} refused of ${some.length}`
    })
}

/** Refusals without the numbers in them, by how often. */
export function tabulateReasons(outcomes: readonly Outcome[]): string[] {
  const refused = outcomes.filter(({ fate }) => fate === 'refused')
  const kind = ({ reason }: Outcome) =>
    reason
      .split(/[;:(]|, which/)[0]!
      .replace(/-?\d+(\.\d+)?/g, 'n')
      .trim()
  return [...Map.groupBy(refused, kind)]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([reason, some]) => `${some.length} refused: ${reason}`)
}
