// A window asked by its true place has numpy's numbers, in 200 CRSs of every method (fixtures/make_crs_windows.py).

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Bbox, Transform } from '../../../lib/model/grid.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { ipfsAsset } from '../../harness/items.ts'
import { computeNumbers } from '../../harness/numbers.ts'
import { tiffOfCode } from '../../harness/tiff-of-code.ts'

interface Case {
  readonly code: string
  readonly geographic: boolean
  readonly transform: Transform
  readonly bbox: Bbox
  readonly window: readonly number[]
  readonly mean: number
  readonly sha256: string
}

const url = new URL('../../fixtures/crs/windows.json', import.meta.url)
const { windows, edges }: { readonly windows: readonly Case[]; readonly edges: readonly Case[] } =
  JSON.parse(readFileSync(url, 'utf8'))

const red = (row: number, col: number) => 3000 + ((row * 7 + col * 13) % 1000)
const nir = (row: number, col: number) => 6000 + ((row * 5 + col * 11) % 900)

async function check({ code, geographic, transform, bbox, window, mean, sha256 }: Case) {
  const blocks = new MemoryBlocks()
  const file = async (value: typeof red) => {
    const number = Number(code.split(':')[1])
    const place = { code: number, isGeographic: geographic, transform, rows: 60, cols: 80 }
    return ipfsAsset((await blocks.add(tiffOfCode({ ...place, value }))).toString())
  }
  const item = {
    type: 'Feature',
    stac_version: '1.0.0',
    id: code,
    geometry: null,
    properties: {},
    assets: { red: await file(red), nir: await file(nir) },
    links: [],
  }
  const { numbers, selected } = await computeNumbers(item, { bbox, scale: 'none' }, blocks)
  assert.deepEqual([numbers.window, numbers.sha256], [window, sha256])
  assert.ok(Math.abs((numbers.mean ?? 0) - mean) < 1e-12)
  // Of a compound code the horizontal part.
  assert.match(selected.window.grid.crs ?? '', /^(EPSG|ESRI):\d+$/)
}

describe('a box in degrees is the window, and its numbers are numpy’s, in', () => {
  for (const one of windows) it(one.code, () => check(one))
})

describe('a box over the antimeridian or around a pole is the window, in', () => {
  for (const one of edges) it(`${one.code}, ${one.bbox.join(', ')}`, () => check(one))
})

it('there are 200, and of each authority some', () => {
  assert.equal(windows.length, 200)
  assert.ok(windows.filter(({ code }) => code.startsWith('ESRI:')).length > 20)
})
