// A block that no source had, with what each of them said.

import { GreenprintError } from '../errors.ts'
import type { SourceFailure } from '../model/source-failure.ts'

export class BlockUnavailable extends GreenprintError {
  readonly #failures: readonly SourceFailure[]

  /** @param lines why there are no sources but those that failed */
  constructor(cid: string, failures: readonly SourceFailure[], lines: readonly string[]) {
    // Of a source that failed twice, the last.
    const told = new Map(failures.map((failure) => [failure.source, failure.line]))
    const sources = told.size > 0 ? [...told.values()] : ['no gateway is configured']
    super('content_unavailable', `No source could serve block ${cid}.`, {
      details: [...sources, ...lines],
      cause: failures[0],
    })
    this.#failures = failures
  }

  /** Whether each source said that it does not have the block, or will never serve it. */
  get isSettled(): boolean {
    return this.#failures.every(({ kind }) => kind === 'absent' || kind === 'refused')
  }
}
