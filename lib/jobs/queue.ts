// The interface of the job queue: delivers at least once, in any order. lib/services.ts chooses the implementation.

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
