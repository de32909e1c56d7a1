// The interface of a publishing service, and the loop over several of them.

import { describeError } from '../errors.ts'
import type { DirectoryCar } from '../ipld/directory-car.ts'
import type { Publication } from '../model/result.ts'

/** What a publisher is given: one root, every block present, validated. */
export type Upload = DirectoryCar

export interface Receipt {
  /** Whether the service was seen to have the bytes. */
  readonly held: boolean
  readonly href?: string
  /** Why `held` is false. */
  readonly reason?: string
}

/** Takes an upload and reports what became of it; throws when the service refused or could not be reached. */
export interface Publisher {
  readonly name: string
  publish(upload: Upload, signal: AbortSignal): Promise<Receipt>
}

/**
 * Hands the upload to each publisher in order until `minimum` of them hold it.
 * A publisher that fails is an outcome, not an end: the next one is asked.
 */
export async function publishUpload(
  upload: Upload,
  publishers: readonly Publisher[],
  minimum: number,
  signal: AbortSignal,
): Promise<Publication[]> {
  const publications: Publication[] = []
  const cid = upload.root.toString()
  for (const publisher of publishers) {
    if (publications.filter((publication) => publication.held).length >= minimum) break
    signal.throwIfAborted()
    try {
      const receipt = await publisher.publish(upload, signal)
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
