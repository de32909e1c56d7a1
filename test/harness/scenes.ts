// The fixture scenes, opened as the project opens them: imported to blocks, read back verified.

import { readFile } from 'node:fs/promises'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { openFile } from '../../lib/ipfs/file.ts'
import { Reading } from '../../lib/ipfs/reading.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { systemClock } from '../../lib/net/clock.ts'
import { type Cog, openCog } from '../../lib/raster/cog.ts'
import { MemoryBlocks } from './blocks.ts'

const folder = new URL('../fixtures/scenes/', import.meta.url)
const signal = new AbortController().signal

export async function sceneFile(scene: string, band: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`${scene}/${band}.tif`, folder)))
}

/** A COG over any bytes, through the verified reader. */
export async function cogOf(bytes: Uint8Array<ArrayBuffer>): Promise<Cog> {
  const memory = new MemoryBlocks()
  const cid = await memory.add(bytes)
  const source = {
    name: 'test',
    get: async (cid: Parameters<MemoryBlocks['get']>[0]) => memory.get(cid),
  }
  const blocks = createBlocks({
    own: [source],
    network: new BlockRace([], systemClock),
    cacheBytes: 0,
  })
  return openCog(await openFile(cid, blocks, new Reading(), signal), signal)
}

export async function openScene(scene: string): Promise<{ red: Cog; nir: Cog }> {
  const [red, nir] = await Promise.all(
    ['red', 'nir08'].map(async (band) => cogOf(await sceneFile(scene, band))),
  )
  if (red === undefined || nir === undefined) throw new RangeError('two bands were opened')
  return { red, nir }
}

export interface Reference {
  readonly level: number
  readonly bbox: readonly [number, number, number, number] | null
  readonly window: readonly [row: number, col: number, rows: number, cols: number] | null
  readonly scale: string
  readonly shape: readonly [number, number]
  readonly valid_count: number
  readonly fill: number
  readonly denominator: number
  readonly clipped: number
  readonly mean: number
  readonly stddev: number
  readonly minimum: number
  readonly maximum: number
  readonly percentiles: readonly number[]
  readonly histogram: readonly number[]
  readonly sha256: string
}

export interface References {
  readonly scenes: Readonly<
    Record<
      string,
      { readonly scale: number; readonly offset: number; readonly results: readonly Reference[] }
    >
  >
}

export async function readReferences(): Promise<References> {
  return JSON.parse(await readFile(new URL('references.json', folder), 'utf8'))
}
