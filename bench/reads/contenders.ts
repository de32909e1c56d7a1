// Who reads: Greenprint from gateways of either kind, GDAL from a plain server, and the download of whole files.

import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import type { Verdicts } from '../part.ts'
import type { Contender, Outcome } from './compare.ts'
import type { Gdal } from './gdal.ts'
import { Reader } from './reader.ts'
import { sceneOf, type Task } from './scene.ts'
import type { Servers } from './servers.ts'

export interface Bench {
  readonly servers: Servers
  readonly gdal: Gdal
  /** Of both files. */
  readonly fileBytes: number
  readonly verdicts: Verdicts
}

export const V0 = 'unixfs-v0-2015'
export const V1 = 'unixfs-v1-2025'

export const profileNames: Readonly<Record<UnixFsProfile, string>> = {
  [V0]: 'CIDv0/256 KiB',
  [V1]: 'CIDv1/1 MiB',
}

/** What the gateways can do, and what is known before. */
export type Situation = 'raw' | 'car' | 'known'

const situations: Readonly<Record<Situation, string>> = {
  raw: 'cold, raw blocks alone',
  car: 'cold, opening CAR served right',
  known: 'inner nodes and header kept',
}

/** Greenprint with empty caches, fresh connections and unknown gateways; its pixels are compared with GDAL's once. */
export function ours(
  { servers, gdal }: Bench,
  task: Task,
  profile: UnixFsProfile,
  situation: Situation,
): Contender {
  const kind = situation === 'car' ? 'car' : 'raw'
  const gateways = ([1, 2, 3] as const).map((number) => servers.urls[`${kind} ${number}`])
  let storeFolder: string | null = null
  let compared = false

  return {
    name: `${profileNames[profile]}: ${situations[situation]}`,
    async run() {
      // The first reading, which is not counted, fills the store.
      if (situation === 'known') storeFolder ??= await makeFolder()
      const scene = sceneOf(servers.roots[profile], null)
      const reading = await new Reader(gateways).read(scene, task.request, storeFolder)
      if (!compared) await assertSamePixels(await reading.digests(), task, servers, gdal)
      compared = true
      await reading.close()
      return reading
    },
    async close() {
      if (storeFolder !== null) await rm(storeFolder, { recursive: true, force: true })
    },
  }
}

/** Greenprint in every situation, over both ways of importing. */
export function verified(bench: Bench, task: Task) {
  return {
    v0raw: ours(bench, task, V0, 'raw'),
    v0car: ours(bench, task, V0, 'car'),
    v0known: ours(bench, task, V0, 'known'),
    v1raw: ours(bench, task, V1, 'raw'),
    v1car: ours(bench, task, V1, 'car'),
    v1known: ours(bench, task, V1, 'known'),
  }
}

export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'greenprint-bench-'))
}

/** @throws {Error} a bench that reads other pixels than GDAL has nothing to measure */
export async function assertSamePixels(
  digests: readonly string[],
  task: Task,
  servers: Servers,
  gdal: Gdal,
): Promise<void> {
  const { sha256 } = await gdal.read({ ...task.gdal, urls: fileUrls(servers) })
  if (digests.join() !== sha256.join()) throw new Error(`${task.name}: the pixels are not GDAL's`)
}

export function gdalContender({ servers, gdal }: Bench, task: Task): Contender {
  return {
    name: 'GDAL, unverified',
    run: () => gdal.read({ ...task.gdal, urls: fileUrls(servers) }),
  }
}

/** Both files at once, each from its first byte to its last, hashed as they come. */
export function downloadContender({ servers }: Bench, most: number): Contender {
  return {
    name: 'whole files and their hash',
    most,
    async run(): Promise<Outcome> {
      const started = performance.now()
      await Promise.all(fileUrls(servers).map(download))
      return { ms: performance.now() - started }
    },
  }
}

async function download(url: string): Promise<string> {
  const hash = createHash('sha256')
  const { body } = await fetch(url)
  for await (const part of body ?? []) hash.update(part)
  return hash.digest('hex')
}

export function fileUrl(servers: Servers, band: 'red' | 'nir'): string {
  return `${servers.urls.files}/${band}.tif`
}

function fileUrls(servers: Servers): string[] {
  return [fileUrl(servers, 'red'), fileUrl(servers, 'nir')]
}
