// The fixture scenes, opened as the project opens them: imported to blocks, read back verified.

import { readFile } from 'node:fs/promises'
import { systemClock } from '../../lib/async/clock.ts'
import { type Cog, type CogOptions, openCog } from '../../lib/cog/cog.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { openFile } from '../../lib/ipfs/file.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { MemoryBlocks } from './blocks.ts'
import type { SceneName } from './items.ts'
import type { Asked, Numbers } from './numbers.ts'

const folder = new URL('../fixtures/scenes/', import.meta.url)
const signal = new AbortController().signal

export async function sceneFile(scene: string, band: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`${scene}/${band}.tif`, folder)))
}

/** A COG over any bytes, through the verified reader. */
export async function cogOf(
  bytes: Uint8Array<ArrayBuffer>,
  options: CogOptions = {},
): Promise<Cog> {
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
  return openCog(await openFile(cid, blocks, new ReadSession(), signal), signal, options)
}

/** What make_reference.py wrote: a request as a caller makes it, and rasterio's answer. */
export interface Reference {
  readonly scene: SceneName
  readonly asked: Asked & { readonly name: string }
  readonly answer: Numbers
}

export async function readReferences(): Promise<readonly Reference[]> {
  const text = await readFile(new URL('references.json', folder), 'utf8')
  const { references }: { references: readonly Reference[] } = JSON.parse(text)
  return references
}
