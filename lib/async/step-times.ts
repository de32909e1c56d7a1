// How long each step of a request took: for its log line and for the Server-Timing header of its reply.

import type { Step } from '../model/progress.ts'
import type { Clock } from './clock.ts'

export class StepTimes {
  readonly #clock: Pick<Clock, 'elapsed'>
  readonly #began: number
  readonly #spent = new Map<Step, number>()
  #current: { readonly step: Step; readonly since: number } | null = null

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock
    this.#began = clock.elapsed()
  }

  /** Starts a step and ends the one before it; repeating the current step changes nothing. */
  readonly tell = (step: Step): void => {
    if (this.#current?.step === step) return
    this.end()
    this.#current = { step, since: this.#clock.elapsed() }
  }

  /** Ends the current step. */
  end(): void {
    if (this.#current === null) return
    const { step, since } = this.#current
    this.#spent.set(step, (this.#spent.get(step) ?? 0) + this.#clock.elapsed() - since)
    this.#current = null
  }

  /** Milliseconds of the steps that have ended, in order, to a tenth. */
  get ms(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#spent].map(([step, ms]) => [step, tenths(ms)]))
  }

  /** Milliseconds since the request came. */
  get total(): number {
    return tenths(this.#clock.elapsed() - this.#began)
  }

  /** https://www.w3.org/TR/server-timing/ */
  get header(): string {
    const metrics = [...Object.entries(this.ms), ['total', this.total] as const]
    return metrics.map(([name, ms]) => `${name};dur=${ms}`).join(', ')
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
