// What became of a result at each publisher, and who was seen to have it: one record for each root.

import type { Clock } from '../async/clock.ts'
import { JointReads } from '../async/joint-reads.ts'
import { GreenprintError } from '../errors.ts'
import type { Publication, PublicationRecord, Retrieval } from '../model/result.ts'
import type { RecordStore, WriteCondition } from '../store/records.ts'
import { type FolderOf, relocated } from './public-folder.ts'
import { readPublicationRecord } from './result-record.ts'

export interface Publications {
  /** null when nobody was ever asked to publish it. @throws {GreenprintError} `store_failed` */
  get(root: string, signal: AbortSignal): Promise<PublicationRecord | null>
  /** Adds outcomes: what is held stays held, whatever another attempt came to. @throws {GreenprintError} `store_failed` */
  merge(root: string, made: readonly Publication[], signal: AbortSignal): Promise<PublicationRecord>
  /** Adds what a check found. @throws {GreenprintError} `store_failed` */
  mergeChecks(
    root: string,
    found: Pick<PublicationRecord, 'retrievable' | 'missing'>,
    signal: AbortSignal,
  ): Promise<PublicationRecord>
}

/** Of writers who meet at one record. */
const MOST_ATTEMPTS = 40
const PAUSE_MS = 10

const nothing: PublicationRecord = { publications: [], retrievable: [], missing: [] }

/** What counts for more is not replaced by what counts for less. */
const ranks: Readonly<Record<Publication['status'], number>> = {
  held: 3,
  queued: 2,
  unproven: 1,
  failed: 0,
}

/** @param folderOf of the own bucket's publications; null where there is none */
export function createPublications(
  records: Pick<RecordStore, 'find' | 'putIf'>,
  clock: Pick<Clock, 'sleep'>,
  folderOf: FolderOf | null = null,
): Publications {
  const keyOf = (root: string) => `publications/${root}`
  const reads = new JointReads<PublicationRecord | null>()

  /** Over the version that was read, or not at all: two writers lose nothing of each other. */
  async function update(
    root: string,
    change: (record: PublicationRecord) => PublicationRecord,
    signal: AbortSignal,
  ): Promise<PublicationRecord> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const found = await records.find(keyOf(root), signal)
      const changed = change(readPublicationRecord(found?.value) ?? nothing)
      const condition: WriteCondition =
        found === null ? { ifNoneMatch: '*' } : { ifMatch: found.etag }
      if (await records.putIf(keyOf(root), { ...found?.value, ...changed }, condition, signal)) {
        return changed
      }
      await clock.sleep(PAUSE_MS * attempt, signal)
    }
    throw new GreenprintError(
      'store_failed',
      `The record of the publications of ${root} is written by others all the time: try again.`,
    )
  }

  return {
    get(root, signal) {
      const find = async (stop: AbortSignal) => {
        const record = readPublicationRecord((await records.find(keyOf(root), stop))?.value)
        if (record === null || folderOf === null) return record
        return { ...record, publications: relocated(record.publications, root, folderOf) }
      }
      return reads.read(root, find, signal)
    },
    merge: (root, made, signal) =>
      update(
        root,
        (record) => ({ ...record, publications: mergeBy(record.publications, made) }),
        signal,
      ),
    mergeChecks: (root, found, signal) =>
      update(root, (record) => ({ ...record, ...mergeChecks(record, found) }), signal),
  }
}

function mergeBy(
  known: readonly Publication[],
  made: readonly Publication[],
): readonly Publication[] {
  const byService = new Map(known.map((publication) => [publication.service, publication]))
  for (const publication of made) {
    const before = byService.get(publication.service)
    const isLess = before !== undefined && ranks[publication.status] < ranks[before.status]
    if (!isLess) byService.set(publication.service, publication)
  }
  return [...byService.values()]
}

/** The latest of each operator; who has it is missing no more, and who had it once keeps that. */
function mergeChecks(
  record: PublicationRecord,
  found: Pick<PublicationRecord, 'retrievable' | 'missing'>,
): Pick<PublicationRecord, 'retrievable' | 'missing'> {
  const retrievable = latest([...record.retrievable, ...found.retrievable])
  const missing = latest([...record.missing, ...found.missing]).filter(({ operator, at }) => {
    const seen = found.retrievable.find((retrieval) => retrieval.operator === operator)
    return seen === undefined || seen.at < at
  })
  return { retrievable, missing }
}

function latest<T extends Retrieval>(entries: readonly T[]): T[] {
  const byOperator = new Map<string, T>()
  for (const entry of entries) {
    const before = byOperator.get(entry.operator)
    if (before === undefined || before.at <= entry.at) byOperator.set(entry.operator, entry)
  }
  return [...byOperator.values()]
}
