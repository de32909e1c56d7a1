// The interface of the job queue: delivers at least once, in any order. lib/services.ts chooses the implementation.

/**
 * For so long a message is hidden while it is worked on, again and again: a worker that is killed is noticed soon.
 * A queue's own time is longer: Lambda refuses one that is less than the function's time-out.
 */
export const HIDDEN_MS = 120_000

/** The order is in the job's record. */
export interface JobMessage {
  readonly id: string
  /** Of who asked, as it came. */
  readonly traceparent?: string
}

export interface JobQueue {
  /** Resolves once the queue has accepted it. @throws {GreenprintError} `queue_failed` */
  send(message: JobMessage, signal: AbortSignal): Promise<void>
  /**
   * Delivers a message that goes back to the queue again after `ms` instead of after the whole visibility time-out.
   *
   * @param receipt handle of that delivery
   * @throws {GreenprintError} `queue_failed`
   */
  postpone(receipt: string, ms: number, signal: AbortSignal): Promise<void>
}
