// A queue in this process that behaves as SQS does: messages are delivered at least once, invisible while they are
// worked on, and dead after too many deliveries. Not SimulatedQueue of the tests, which misbehaves on purpose.

import { randomUUID } from 'node:crypto'
import type { SQSEvent } from 'aws-lambda'
import type { Clock } from '../async/clock.ts'

/** What SQS and Lambda's poller are set to; times in ms. */
export interface QueueSettings {
  /** The handler's time-out. A delivered message stays invisible for six times as long, unless it is postponed. */
  readonly timeoutMs: number
  /** Deliveries after which a message that comes back is dead. */
  readonly mostReceives: number
  readonly batchSize: number
}

/** The result that a handler with ReportBatchItemFailures gives. */
export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

export type Consumer = (
  event: SQSEvent,
  context: { getRemainingTimeInMillis(): number },
) => Promise<BatchResult>

interface Message {
  readonly id: string
  readonly body: string
  receives: number
  visibleAt: number
  receipt: string
}

export class LocalQueue {
  /** Bodies of the messages that were delivered too often. */
  readonly dead: string[] = []
  readonly #messages = new Map<string, Message>()
  readonly #settings: QueueSettings
  readonly #clock: Clock
  #wake = new AbortController()

  constructor(settings: QueueSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  async send(message: object): Promise<void> {
    const id = randomUUID()
    const body = JSON.stringify(message)
    this.#messages.set(id, { id, body, receives: 0, visibleAt: this.#clock.now(), receipt: '' })
    this.#wake.abort()
  }

  /** A message of an earlier process, which had delivered it so often. */
  putBack(
    message: object,
    { receives, notBefore }: { readonly receives: number; readonly notBefore: number },
  ): void {
    const id = randomUUID()
    const body = JSON.stringify(message)
    const visibleAt = Math.max(this.#clock.now(), notBefore)
    this.#messages.set(id, { id, body, receives, visibleAt, receipt: '' })
    this.#wake.abort()
  }

  async postpone(receipt: string, ms: number): Promise<void> {
    const message = [...this.#messages.values()].find((each) => each.receipt === receipt)
    if (message !== undefined) message.visibleAt = this.#clock.now() + ms
    this.#wake.abort()
  }

  /** Feeds the handler, one batch at a time, until the signal aborts. An error of the handler fails its whole batch. */
  async consume(handler: Consumer, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const batch = this.#receive()
      if (batch.length === 0) await this.#rest(signal)
      else this.#settle(batch, await this.#deliver(batch, handler))
    }
  }

  #receive(): Message[] {
    const now = this.#clock.now()
    const batch: Message[] = []
    for (const message of this.#messages.values()) {
      if (message.visibleAt > now || batch.length === this.#settings.batchSize) continue
      if (message.receives === this.#settings.mostReceives) {
        this.#messages.delete(message.id)
        this.dead.push(message.body)
        continue
      }
      message.receives += 1
      message.visibleAt = now + 6 * this.#settings.timeoutMs
      message.receipt = randomUUID()
      batch.push(message)
    }
    return batch
  }

  /** Ids of the messages that go back; null for all of them. */
  async #deliver(
    batch: readonly Message[],
    handler: Consumer,
  ): Promise<ReadonlySet<string> | null> {
    const end = this.#clock.elapsed() + this.#settings.timeoutMs
    const context = { getRemainingTimeInMillis: () => end - this.#clock.elapsed() }
    try {
      const { batchItemFailures } = await handler({ Records: batch.map(toRecord) }, context)
      return new Set(batchItemFailures.map((failure) => failure.itemIdentifier))
    } catch {
      return null
    }
  }

  #settle(batch: readonly Message[], failed: ReadonlySet<string> | null): void {
    if (failed === null) return
    for (const { id } of batch) if (!failed.has(id)) this.#messages.delete(id)
  }

  /** Until something is sent or becomes visible again. */
  async #rest(signal: AbortSignal): Promise<void> {
    this.#wake = new AbortController()
    const next = Math.min(...[...this.#messages.values()].map(({ visibleAt }) => visibleAt))
    const ms = Math.min(Math.max(1, next - this.#clock.now()), MOST_REST_MS)
    await this.#clock.sleep(ms, AbortSignal.any([signal, this.#wake.signal])).catch(() => undefined)
  }
}

/** Longer than any visibility, shorter than what a timer can wait. */
const MOST_REST_MS = 12 * 3_600_000

function toRecord({ id, body, receives, receipt }: Message): SQSEvent['Records'][number] {
  return {
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:local:000000000000:jobs',
    awsRegion: 'local',
  }
}

/** As sst.config.ts has them. */
const asDeployed: QueueSettings = { timeoutMs: 900_000, mostReceives: 5, batchSize: 1 }

const queues = new Map<string, LocalQueue>()

/** The one queue of a process over a store: every handler that runs here sends to it. */
export function localQueue(dataDir: string, clock: Clock): LocalQueue {
  const queue = queues.get(dataDir) ?? new LocalQueue(asDeployed, clock)
  queues.set(dataDir, queue)
  return queue
}
