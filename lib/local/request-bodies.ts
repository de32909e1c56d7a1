// The bodies of requests, from their first byte until they are answered: together they take so much memory, however
// many callers there are.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Body } from '../net/body.ts'

export interface BodyLimits {
  /** Bytes of one. */
  readonly most: number
  /** Bytes of all. What is read from a body may take several times as much. */
  readonly mostOfAll: number
}

/** A body, or the status of its refusal. */
export type Received = Buffer<ArrayBuffer> | 413 | 503

/** Bytes that one is given before they are here. */
const MOST_RESERVED = 16 * 1024

/** A body that has begun to come. */
interface Arrival {
  readonly body: Body
  readonly settle: (received: Received) => void
}

export class RequestBodies {
  readonly #limits: BodyLimits
  /** The oldest first. */
  readonly #arriving = new Set<Arrival>()
  #held = 0

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /**
   * Where there is no room, the body that has been on its way for longest gives way: honest ones take no time. One that
   * is refused is read on, and forgotten: to stop would reset the connection before the answer is there.
   *
   * @throws what the connection fails by
   */
  receive(request: IncomingMessage, response: ServerResponse): Promise<Received> {
    return new Promise((resolve, reject) => {
      let arrival: Arrival | null = null
      request.on('data', (part: Uint8Array) => {
        arrival ??= this.#begin(announcedBy(request), resolve, response)
        if (this.#arriving.has(arrival)) this.#add(part, arrival)
      })
      request.once('end', () => {
        if (arrival === null) resolve(Buffer.alloc(0))
        else if (this.#arriving.delete(arrival)) resolve(Buffer.from(arrival.body.take().buffer))
      })
      request.once('error', reject)
    })
  }

  #begin(
    announced: number,
    resolve: (received: Received) => void,
    response: ServerResponse,
  ): Arrival {
    const body = new Body(announced)
    const release = () => {
      this.#arriving.delete(arrival)
      this.#held -= body.length
    }
    const settle = (received: Received) => {
      response.off('close', release)
      release()
      resolve(received)
    }
    const arrival = { body, settle }
    response.once('close', release)
    this.#arriving.add(arrival)
    return arrival
  }

  #add(part: Uint8Array, arrival: Arrival): void {
    const { most, mostOfAll } = this.#limits
    if (arrival.body.length + part.length > most) return arrival.settle(413)
    while (this.#held + part.length > mostOfAll) {
      const [oldest = arrival] = this.#arriving
      oldest.settle(503)
      if (oldest === arrival) return
    }
    arrival.body.add(part)
    this.#held += part.length
  }
}

/** Bytes that a short body takes; 0 of others: what is announced need not come. */
function announcedBy({ headers }: IncomingMessage): number {
  const length = Number(headers['content-length'] ?? 0)
  return length <= MOST_RESERVED ? length : 0
}
