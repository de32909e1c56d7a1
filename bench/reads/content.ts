// The pair as files and as blocks, for the servers: both ways of importing, and CARs of any stretch.

import { readFile } from 'node:fs/promises'
import { planCar } from '../../lib/ipld/car-plan.ts'
import { blockKey, type Cid, parseCid } from '../../lib/ipld/cid.ts'
import type { DagBlock } from '../../lib/ipld/dag-block.ts'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import { importFile } from '../../test/harness/import-dag.ts'

export interface PerBand {
  readonly red: string
  readonly nir: string
}

/** CIDs of the two bands under each profile. */
export type Roots = Readonly<Record<UnixFsProfile, PerBand>>

export class Content {
  /** By path on the file server. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #blocks = new Map<string, DagBlock>()

  async load(paths: PerBand): Promise<Roots> {
    const red = new Uint8Array(await readFile(paths.red))
    const nir = new Uint8Array(await readFile(paths.nir))
    this.files.set('/red.tif', red)
    this.files.set('/nir.tif', nir)
    const both = async (profile: UnixFsProfile): Promise<PerBand> => ({
      red: await this.#add(red, profile),
      nir: await this.#add(nir, profile),
    })
    return {
      'unixfs-v0-2015': await both('unixfs-v0-2015'),
      'unixfs-v1-2025': await both('unixfs-v1-2025'),
    }
  }

  async #add(file: Uint8Array<ArrayBuffer>, profile: UnixFsProfile): Promise<string> {
    const { root, blocks } = await importFile(file, profile)
    for (const block of blocks) this.#blocks.set(blockKey(block.cid), block)
    return root.toString()
  }

  block(cid: string): Uint8Array | null {
    return this.#blocks.get(blockKey(parseCid(cid)))?.bytes ?? null
  }

  /** `dag-scope=entity&entity-bytes=from:to` as the specification has it. */
  async car(cid: string, from: number, to: number): Promise<Uint8Array | null> {
    const root = parseCid(cid)
    if (this.block(cid) === null) return null
    const asked = {
      path: [],
      end: root,
      scope: 'entity',
      bytes: { from, to },
      duplicates: false,
    } as const
    const limits = { mostBytes: Infinity, advice: '' }
    const plan = await planCar(root, asked, async (name) => this.#get(name), limits)
    const parts: Uint8Array[] = []
    for await (const part of plan.write(new AbortController().signal)) parts.push(part)
    return new Uint8Array(Buffer.concat(parts))
  }

  #get(cid: Cid): DagBlock['bytes'] {
    const block = this.#blocks.get(blockKey(cid))
    if (block === undefined) throw new RangeError(`${cid.toString()} was not imported`)
    return block.bytes
  }
}
