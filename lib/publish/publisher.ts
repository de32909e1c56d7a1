// What a publishing service looks like from here, and the loop over several of them.

import { describeError } from '../errors.ts'
import type { Cid } from '../ipld/cid.ts'
import type { Publication } from '../model/result.ts'

/** A directory ready to leave the house: validated, one root, every block present. */
export interface Upload {
  readonly root: Cid
  /** CARv1 that holds the whole DAG under `root`. */
  readonly car: Uint8Array<ArrayBuffer>
  /** The directory's files, by name. */
  readonly files: ReadonlyMap<string, UploadFile>
  /** Where blocks that prove possession lie in `car`: the root and the first leaf of every file. */
  readonly witnesses: readonly SampleBlock[]
}

export interface UploadFile {
  readonly cid: Cid
  /** Put together anew from the blocks each time it is asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

/** One block of a CAR, by place. */
export interface SampleBlock {
  readonly cid: Cid
  readonly offset: number
  readonly length: number
}

export interface Receipt {
  /** Whether the service was seen to have the bytes. */
  readonly held: boolean
  readonly href?: string
  /** Why `held` is false. */
  readonly reason?: string
}

/** Takes a parcel and says what became of it; throws when the service refused or could not be reached. */
export interface Publisher {
  readonly name: string
  publish(parcel: Upload, signal: AbortSignal): Promise<Receipt>
}

/**
 * Hands the parcel to each publisher in order until `minimum` of them hold it.
 * A publisher that fails is an outcome, not an end: the next one is asked.
 */
export async function publishUpload(
  parcel: Upload,
  publishers: readonly Publisher[],
  minimum: number,
  signal: AbortSignal,
): Promise<Publication[]> {
  const publications: Publication[] = []
  const cid = parcel.root.toString()
  for (const publisher of publishers) {
    if (publications.filter((publication) => publication.held).length >= minimum) break
    signal.throwIfAborted()
    try {
      const receipt = await publisher.publish(parcel, signal)
      publications.push({ service: publisher.name, ok: true, cid, ...receipt })
    } catch (error) {
      signal.throwIfAborted()
      publications.push({
        service: publisher.name,
        ok: false,
        held: false,
        reason: describeError(error),
      })
    }
  }
  return publications
}
