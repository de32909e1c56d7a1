// The folders of the bucket: for how many days what lies there is kept, and which functions write it. Rights and the
// bucket's lifecycle follow from here.

import type { FunctionName } from '../lib/config/variable.ts'

interface Folder {
  /** null = for ever. */
  readonly days: number | null
  readonly writers: readonly FunctionName[]
  /** What nobody removes goes by its days alone. */
  readonly removers?: readonly FunctionName[]
}

const work = ['Api', 'Worker'] as const

export const folders: Readonly<Record<string, Folder>> = {
  /** Put there by others, as notices; read by who reads notices. */
  incoming: { days: 7, writers: [] },
  // One day longer than the records that refer to them. What is published is moved away.
  blocks: { days: 31, writers: work, removers: work },
  read: { days: 7, writers: work },
  /** What callers without a token leave, of every kind. */
  visitors: { days: 7, writers: ['Api'] },
  files: { days: 31, writers: work, removers: work },
  results: { days: 30, writers: work },
  publications: { days: 30, writers: [...work, 'Schedule'] },
  beside: { days: 30, writers: work },
  catalogue: { days: 30, writers: work },
  sweeps: { days: 60, writers: ['Schedule'] },
  jobs: { days: 30, writers: [...work, 'Notify', 'Schedule'] },
  // What the jobs of a series work on, too.
  series: { days: 31, writers: work },
  // Rows of what is put together of many scenes, while it is.
  composites: { days: 7, writers: work, removers: work },
  fingerprints: { days: null, writers: work },
  outboards: { days: null, writers: work },
  'published-by': { days: null, writers: work },
  published: { days: null, writers: work },
}

/** What a function may write to, as patterns of keys. */
export function writtenBy(name: FunctionName): string[] {
  const own = Object.entries(folders).filter(([, { writers }]) => writers.includes(name))
  return own.map(([folder]) => `${folder}/*`)
}

/** What a function may remove, in the same way. */
export function removedBy(name: FunctionName): string[] {
  const own = Object.entries(folders).filter(([, { removers = [] }]) => removers.includes(name))
  return own.map(([folder]) => `${folder}/*`)
}

/** What every function may read: all but what others put into `incoming/`. */
export function readByAll(): string[] {
  const own = Object.keys(folders).filter((folder) => folder !== 'incoming')
  return own.map((folder) => `${folder}/*`)
}

/** Rules of the bucket: what expires, and when. */
export function lifecycleOf(): { id: string; prefix: string; expiresIn: `${number} days` }[] {
  return Object.entries(folders).flatMap(([id, { days }]) =>
    days === null ? [] : [{ id, prefix: `${id}/`, expiresIn: `${days} days` as const }],
  )
}
