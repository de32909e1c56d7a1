// The queue as jobs see it: at least once, in any order. lib/services.ts says which one it is.

/** The request lives in the job's record. */
export interface JobMessage {
  readonly id: string
}

export interface JobQueue {
  /** Resolves once the queue has it. @throws {GreenprintError} `queue_failed` */
  send(message: JobMessage, signal: AbortSignal): Promise<void>
  /**
   * Has a message that was delivered, and goes back, delivered again after `ms` instead of after the whole
   * visibility time-out.
   *
   * @param receipt handle of that delivery
   * @throws {GreenprintError} `queue_failed`
   */
  postpone(receipt: string, ms: number, signal: AbortSignal): Promise<void>
}
