// The interface of a publishing service, and the loop over several of them.

import { describeError } from '../errors.ts'
import type { DirectoryCar } from '../ipld/directory-car.ts'
import type { Publication, Receipt } from '../model/result.ts'

/** What a publisher is given: one root, every block present, validated. */
export type Upload = DirectoryCar

/** Takes an upload and reports what became of it; throws when the service refused or could not be reached. */
export interface Publisher {
  readonly name: string
  publish(upload: Upload, signal: AbortSignal): Promise<Receipt>
}

export function isHeld({ status }: Pick<Publication, 'status'>): boolean {
  return status === 'held'
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
    if (publications.filter(isHeld).length >= minimum) break
    signal.throwIfAborted()
    try {
      const receipt = await publisher.publish(upload, signal)
      publications.push({ service: publisher.name, ...receipt, cid })
    } catch (error) {
      signal.throwIfAborted()
      const reason = describeError(error)
      publications.push({ service: publisher.name, status: 'failed', reason })
    }
  }
  return publications
}
