// The fingerprints of several files at once: known ones compared with what lies there now, the others made.

import { allOrNone } from '../async/all-or-none.ts'
import { ForeseenDelay } from '../errors.ts'
import type { LeafListener } from '../fingerprints/build.ts'
import type { Fingerprint } from '../fingerprints/record.ts'
import { checkVersion, ownCopy, versionAt } from '../fingerprints/staleness.ts'
import type { UnixFsProfile } from '../model/fingerprint-request.ts'
import type { Tell } from '../model/progress.ts'
import type { FileAsset } from '../stac/file-asset.ts'
import { type FingerprintSources, findFingerprint, fingerprintFile } from './fingerprint-file.ts'

export interface FilesReading {
  readonly profile: UnixFsProfile
  /** Reads anew even what is known. */
  readonly fresh: boolean
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  /** Time for reading whole files. */
  readonly mostMs: number
  readonly tell: Tell
  /** Told the leaves of a file that is read, by its asset's key. */
  readonly onLeaf?: (key: string) => LeafListener | undefined
}

/** A file, and the record of it where there is one. */
interface Sought {
  readonly file: FileAsset
  readonly record: Fingerprint | null
}

/**
 * The record of each file, by its asset's key.
 *
 * @throws {GreenprintError} `source_changed` for a known file that is another by now; `deadline_exceeded` at once where
 *   the sizes say that time would not do; what fingerprintFile throws
 */
export async function fingerprintFiles(
  files: readonly FileAsset[],
  services: FingerprintSources,
  reading: FilesReading,
  signal: AbortSignal,
): Promise<Record<string, Fingerprint>> {
  const sought = await allOrNone(
    byKey(files, (file) => (stop: AbortSignal) => seek(file, services, reading, stop)),
    signal,
  )
  const unknown = Object.values(sought).filter(({ record }) => record === null)
  await foresee(unknown, services, reading, signal)
  const progress = startProgress(reading.tell)
  const records = await allOrNone(
    byKey(files, (file) => async (stop: AbortSignal) => {
      const record = sought[file.key]?.record ?? null
      if (record !== null) return record
      const onLeaf = reading.onLeaf?.(file.key)
      const reader = {
        isTrusted: reading.isTrusted,
        onBytes: progress(file.key),
        ...(onLeaf === undefined ? {} : { onLeaf }),
      }
      return fingerprintFile(file, reading.profile, services, reader, stop)
    }),
    signal,
  )
  // In the order of the files, whichever was done first.
  const ordered = files.flatMap(({ key }) => {
    const record = records[key]
    return record === undefined ? [] : [[key, record] as const]
  })
  return Object.fromEntries(ordered)
}

function byKey<T>(files: readonly FileAsset[], make: (file: FileAsset) => T): Record<string, T> {
  return Object.fromEntries(files.map((file) => [file.key, make(file)]))
}

async function seek(
  file: FileAsset,
  { fingerprints, openCopy }: FingerprintSources,
  { profile, fresh, isTrusted }: FilesReading,
  signal: AbortSignal,
): Promise<Sought> {
  if (fresh) return { file, record: null }
  const record = await findFingerprint(file, profile, fingerprints, signal)
  if (record !== null) {
    const copies = file.mirrors
      .map((href) => openCopy(href, isTrusted))
      .filter((copy) => copy !== null)
    const own = ownCopy(copies, record)
    if (own !== null) await checkVersion(own, record, signal)
  }
  return { file, record }
}

/** @throws {ForeseenDelay} */
async function foresee(
  unknown: readonly Sought[],
  { openCopy, fingerprinter }: FingerprintSources,
  { isTrusted, mostMs }: FilesReading,
  signal: AbortSignal,
): Promise<void> {
  if (unknown.length === 0 || !Number.isFinite(mostMs)) return
  const sizes = await Promise.all(
    unknown.map(async ({ file }) => {
      if (file.size !== undefined) return file.size
      for (const href of file.mirrors) {
        const copy = openCopy(href, isTrusted)
        const version = copy && (await versionAt(copy, signal))
        if (version !== null) return version.size
      }
      return 0
    }),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const ms = (bytes / fingerprinter.bytesPerSecond) * 1000
  if (ms > mostMs) throw new ForeseenDelay(bytes, ms)
}

/** Bytes of all files together, as far as their sizes are known by now. */
function startProgress(tell: Tell): (key: string) => (done: number, size: number) => void {
  const files = new Map<string, { readonly done: number; readonly size: number }>()
  return (key) => (done, size) => {
    files.set(key, { done, size })
    const all = [...files.values()]
    const read = all.reduce((sum, file) => sum + file.done, 0)
    const whole = all.reduce((sum, file) => sum + file.size, 0)
    tell('fingerprint', whole === 0 ? 0 : read / whole, { bytes: read })
  }
}
