// The places part: 100,000 places into a CRS and back by us, by proj4 as it comes and by PROJ in GDAL.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { commonGeographic, commonProjected } from '../../lib/geo/crs/common-crs.ts'
import { crsOfDefinition } from '../../lib/geo/crs/crs.ts'
import { loadProj4 } from '../../lib/geo/proj4.ts'
import type { Bbox } from '../../lib/model/grid.ts'
import { PYTHON } from '../../test/harness/requires.ts'
import { lacksRasterio } from '../pair.ts'
import { median, print, printTable, Verdicts } from '../part.ts'

const COUNT = 100_000
const ROUNDS = 7

const places: readonly (readonly [name: string, epsg: number, box: Bbox])[] = [
  ['UTM zone 32N', 32632, [6, 40, 12, 60]],
  ['WGS 84', 4326, [-180, -90, 180, 90]],
  ['Web Mercator', 3857, [-180, -80, 180, 80]],
  ['Lambert of Europe, by PROJ', 3035, [-10, 35, 30, 70]],
  ['oblique Mercator of Malaysia, by PROJ', 3375, [99, 1, 104, 7]],
]

interface Run {
  readonly forward: number
  readonly inverse: number
  /** Of x and of y: whoever computes something else is not compared. */
  readonly means: readonly [number, number]
}

type Transform = (x: number, y: number) => readonly number[]

/** Prints its table. @returns the targets that were missed */
export async function benchPlaces(): Promise<readonly string[]> {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  const verdicts = new Verdicts()
  print(`\nplaces: ${COUNT} into a CRS and back, ms; medians of ${ROUNDS} alternating runs`)
  const rows: (readonly string[])[] = []
  const judged: (readonly [string, number])[] = []
  for (const [name, epsg, box] of places) {
    const { projection } = await crsOfDefinition(`EPSG:${epsg}`)
    const bare = await bareProj4(epsg)
    const ours: Run[] = []
    const theirs: Run[] = []
    const gdals: Run[] = []
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(
        timed(
          box,
          (x, y) => projection.forward(x, y),
          (x, y) => projection.inverse(x, y),
        ),
      )
      if (bare !== null) theirs.push(timed(box, bare.forward, bare.inverse))
      gdals.push(await byGdal(epsg, box))
    }
    for (const other of [...theirs, ...gdals]) checkAgreement(name, ours[0]!, other)
    const [one, proj4, gdal] = [ours, theirs, gdals].map(total)
    rows.push([name, ...[one, proj4, gdal].map((ms) => (ms ? ms.toFixed(0) : '-'))])
    if (one && proj4) judged.push([name, one / proj4])
  }
  printTable(['there and back', 'ours', 'proj4', 'GDAL'], rows)
  for (const [name, ratio] of judged) verdicts.atMost(`${name}: of proj4’s time`, ratio, 1.3)
  return verdicts.missed
}

function total(runs: readonly Run[]): number {
  return runs.length === 0 ? 0 : median(runs.map(({ forward, inverse }) => forward + inverse))
}

async function bareProj4(epsg: number) {
  const common = commonProjected(epsg) ?? commonGeographic(epsg)
  if (common === null) return null
  const converter = (await loadProj4())(common.proj4)
  return {
    forward: (x: number, y: number) => converter.forward([x, y]),
    inverse: (x: number, y: number) => converter.inverse([x, y]),
  }
}

/** The same places as places.py has. */
function timed([west, south, east, north]: Bbox, forward: Transform, inverse: Transform): Run {
  const xs = new Float64Array(COUNT)
  const ys = new Float64Array(COUNT)
  const started = performance.now()
  for (let at = 0; at < COUNT; at++) {
    const lon = west + (east - west) * ((at * 0.6180339887) % 1)
    const [x = 0, y = 0] = forward(lon, south + (north - south) * ((at * 0.7548776662) % 1))
    xs[at] = x
    ys[at] = y
  }
  const between = performance.now()
  for (let at = 0; at < COUNT; at++) inverse(xs[at] ?? 0, ys[at] ?? 0)
  const ended = performance.now()
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / COUNT
  return { forward: between - started, inverse: ended - between, means: [mean(xs), mean(ys)] }
}

async function byGdal(epsg: number, box: Bbox): Promise<Run> {
  const script = fileURLToPath(new URL('places.py', import.meta.url))
  const args = ['-W', 'ignore', script, `EPSG:${epsg}`, ...[COUNT, ...box].map(String)]
  const { stdout } = await promisify(execFile)(PYTHON, args)
  const { forward, inverse, sum } = Object(JSON.parse(stdout))
  return {
    forward: Number(forward),
    inverse: Number(inverse),
    means: [Number(sum[0]), Number(sum[1])],
  }
}

function checkAgreement(name: string, one: Run, other: Run): void {
  const apart = Math.max(...one.means.map((mean, at) => Math.abs(mean - (other.means[at] ?? 0))))
  if (!(apart < 0.01)) throw new Error(`${name}: the means are ${apart} apart`)
}
