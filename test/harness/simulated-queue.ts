// SQS as its documentation promises it and no better: at least once, in any order, invisible for a while, dead letters.
// A second one beside lib/local/queue.ts on purpose: that one serves `npm start` as well as it can, this one delivers
// twice and out of order whenever SQS may, and is polled by a test that holds the clock and the dice.

import type { Clock } from '../../lib/async/clock.ts'
import type { QueueRecord } from '../../lib/jobs/deliveries.ts'
import type { JobQueue } from '../../lib/jobs/queue.ts'
import type { Random } from './random.ts'

interface Message {
  readonly id: string
  readonly body: string
  receives: number
  visibleAt: number
  receipt: string
}

export interface SimulatedQueueSettings {
  readonly visibilityMs: number
  readonly mostReceives: number
  /** That a message is handed out and stays visible: two receivers get it. */
  readonly twice: number
}

export class SimulatedQueue implements JobQueue {
  readonly dead: string[] = []
  deliveries = 0
  redeliveries = 0
  readonly #messages = new Map<string, Message>()
  readonly #settings: SimulatedQueueSettings
  readonly #clock: Clock
  readonly #dice: Random
  #count = 0

  constructor(settings: SimulatedQueueSettings, clock: Clock, dice: Random) {
    this.#settings = settings
    this.#clock = clock
    this.#dice = dice
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0
  }

  async send(message: object): Promise<void> {
    this.put(JSON.stringify(message))
  }

  /** Any body at all. */
  put(body: string): void {
    const id = `message-${++this.#count}`
    this.#messages.set(id, { id, body, receives: 0, visibleAt: this.#clock.now(), receipt: '' })
  }

  async postpone(receipt: string, ms: number): Promise<void> {
    const message = this.#messages.get(receipt.split('#')[0] ?? '')
    if (message?.receipt === receipt) message.visibleAt = this.#clock.now() + ms
  }

  /** Up to `most` of the visible messages, in no order. */
  receive(most: number): QueueRecord[] {
    const now = this.#clock.now()
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now)
    const batch: QueueRecord[] = []
    while (batch.length < most && visible.length > 0) {
      const [message] = visible.splice(this.#dice.whole(0, visible.length - 1), 1)
      if (message === undefined) break
      if (message.receives >= this.#settings.mostReceives) {
        this.#messages.delete(message.id)
        this.dead.push(message.body)
      } else batch.push(this.#deliver(message, now))
    }
    return batch
  }

  delete(messageId: string): void {
    this.#messages.delete(messageId)
  }

  #deliver(message: Message, now: number): QueueRecord {
    message.receives += 1
    this.deliveries += 1
    if (message.receives > 1) this.redeliveries += 1
    if (!this.#dice.chance(this.#settings.twice)) {
      message.visibleAt = now + this.#settings.visibilityMs
    }
    message.receipt = `${message.id}#${message.receives}`
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: { ApproximateReceiveCount: String(message.receives) },
    }
  }
}
