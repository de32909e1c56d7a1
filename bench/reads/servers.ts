// Starts the servers' process and talks with it, one order at a time.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { PerBand, Roots } from './content.ts'
import type { Asked } from './log.ts'
import type { Line } from './pacing.ts'
import type { Loaded, Order, ServerName } from './server.ts'

export class Servers {
  readonly #child: ChildProcess
  readonly urls: Readonly<Record<ServerName, string>>
  readonly roots: Roots

  private constructor(child: ChildProcess, { urls, roots }: Loaded) {
    this.#child = child
    this.urls = urls
    this.roots = roots
  }

  static async start(paths: PerBand): Promise<Servers> {
    const child = fork(new URL('server.ts', import.meta.url), { stdio: 'inherit' })
    return new Servers(child, await tell<Loaded>(child, { do: 'load', paths }))
  }

  async setLine(line: Line): Promise<void> {
    await tell(this.#child, { do: 'set line', line })
  }

  /** Where the gateways named after Kubo take their answers from. */
  async forwardTo(url: string): Promise<void> {
    await tell(this.#child, { do: 'forward', to: url })
  }

  /** What was asked since the last time. */
  takeLog(): Promise<readonly Asked[]> {
    return tell(this.#child, { do: 'take log' })
  }

  stop(): void {
    this.#child.disconnect()
  }
}

async function tell<T>(child: ChildProcess, order: Order): Promise<T> {
  const gone = new AbortController()
  const fail = () => gone.abort(new Error('the servers of the bench have ended'))
  child.once('exit', fail)
  try {
    child.send(order)
    const [answer] = await once(child, 'message', { signal: gone.signal })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each order has one kind of answer
    return answer as T
  } finally {
    child.off('exit', fail)
  }
}
