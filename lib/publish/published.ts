// Who published what: one record for each token and root, so that what a token published can be listed by its name.

import type { Clock } from '../async/clock.ts'
import type { Publication, PublishableResult } from '../model/result.ts'
import type { RecordStore } from '../store/records.ts'

export interface Published {
  /**
   * Records the outcome of a publication: `published-by/<name>/<root>.json`, the latest of that name and root.
   *
   * @param by name of the caller's token
   * @param made outcomes of the publishers that were asked
   */
  note(
    by: string,
    result: Pick<PublishableResult, 'id' | 'root' | 'item'>,
    made: readonly Publication[],
    signal: AbortSignal,
  ): Promise<void>
}

export function createPublished(records: RecordStore, clock: Pick<Clock, 'now'>): Published {
  return {
    async note(by, { id, root, item }, made, signal) {
      const at = new Date(clock.now()).toISOString()
      const outcomes = made.map(({ service, status }) => ({ service, status }))
      const record = { by, at, root, result: id, item: item.id, outcomes }
      await records.put(`published-by/${by}/${root}`, record, signal)
    },
  }
}
