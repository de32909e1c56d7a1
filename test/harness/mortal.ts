// A process that can be killed or frozen at every point where it touches the world: what it began stays begun.

import type { Clock } from '../../lib/async/clock.ts'
import { GreenprintError } from '../../lib/errors.ts'
import type { JobQueue } from '../../lib/jobs/queue.ts'
import type { Topic } from '../../lib/jobs/result-notice.ts'
import type { ObjectStore } from '../../lib/store/objects.ts'
import type { Random } from './random.ts'

/** What happens at each point; probabilities, but for death. */
export interface Fate {
  /** Whether who is at this point now dies there. Asked once for each visit, so that no point is left out. */
  readonly dies: (place: string) => boolean
  readonly freeze: number
  /** That a call fails: before it had its effect, or with its effect and without its answer. */
  readonly fault: number
  readonly freezeMs: readonly [low: number, high: number]
}

export type Mishap = 'killed' | 'frozen' | 'fault'

/** Effects and calls wait so long for the network. */
const LATENCY_MS = [2, 40] as const

const never = () => new Promise<never>(() => undefined)

export class Mortal {
  /** Resolves with its death. */
  readonly death: Promise<void>
  readonly #fate: Fate
  readonly #dice: Random
  readonly #world: Clock
  readonly #onMishap: (mishap: Mishap, place: string) => void
  #die: () => void = () => undefined
  #dead = false
  #frozenUntil = 0

  constructor(
    fate: Fate,
    dice: Random,
    world: Clock,
    onMishap: (mishap: Mishap, place: string) => void,
  ) {
    this.#fate = fate
    this.#dice = dice
    this.#world = world
    this.#onMishap = onMishap
    this.death = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  kill(place: string): void {
    if (this.#dead) return
    this.#dead = true
    this.#onMishap('killed', place)
    this.#die()
  }

  /** It has answered: nobody waits for its death any more. */
  retire(): void {
    this.#dead = true
    this.#die()
  }

  /** One call to the world: nothing of a dead process has an effect, and nothing of it goes on. */
  async call<T>(name: string, signal: AbortSignal, effect: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    await this.#latency()
    await this.#point(`before ${name}`)
    if (this.#fails(`before ${name}`)) throw lostCall(name)
    const outcome = await effect()
    await this.#point(`after ${name}`)
    await this.#latency()
    if (this.#fails(`after ${name}`)) throw lostCall(name)
    return outcome
  }

  get clock(): Clock {
    const world = this.#world
    return {
      now: () => world.now(),
      elapsed: () => world.elapsed(),
      sleep: async (ms, signal) => {
        await world.sleep(ms, signal)
        await this.#thaw()
      },
    }
  }

  store(objects: ObjectStore): ObjectStore {
    return {
      name: objects.name,
      get: (key, signal) => this.call(`get ${kindOf(key)}`, signal, () => objects.get(key, signal)),
      getRange: (key, offset, length, signal) =>
        this.call('get range', signal, () => objects.getRange(key, offset, length, signal)),
      size: (key, signal) => this.call('size', signal, () => objects.size(key, signal)),
      list: (folder, after, most, signal) =>
        this.call('list', signal, () => objects.list(folder, after, most, signal)),
      put: (key, body, options, signal) =>
        this.call(`put ${kindOf(key)}`, signal, () => objects.put(key, body, options, signal)),
      putContent: (key, content, options, signal) =>
        this.call(`put ${kindOf(key)}`, signal, () =>
          objects.putContent(key, content, options, signal),
        ),
      copy: (from, to, signal) =>
        this.call(`copy ${kindOf(from)}`, signal, () => objects.copy(from, to, signal)),
      remove: (key, signal) =>
        this.call(`remove ${kindOf(key)}`, signal, () => objects.remove(key, signal)),
    }
  }

  queue(queue: JobQueue): JobQueue {
    return {
      send: (message, signal) => this.call('send', signal, () => queue.send(message, signal)),
      postpone: (receipt, ms, signal) =>
        this.call('postpone', signal, () => queue.postpone(receipt, ms, signal)),
    }
  }

  topic(topic: Topic): Topic {
    return {
      publish: (notice, signal) => this.call('notice', signal, () => topic.publish(notice, signal)),
    }
  }

  async #latency(): Promise<void> {
    await this.#world.sleep(this.#dice.whole(...LATENCY_MS), forever)
    await this.#thaw()
  }

  async #point(place: string): Promise<void> {
    if (this.#fate.dies(place)) this.kill(place)
    else if (this.#dice.chance(this.#fate.freeze)) {
      this.#onMishap('frozen', place)
      this.#frozenUntil = this.#world.now() + this.#dice.whole(...this.#fate.freezeMs)
    }
    await this.#thaw()
  }

  /** A frozen process goes on where it stood, a dead one never. */
  async #thaw(): Promise<void> {
    while (!this.#dead && this.#world.now() < this.#frozenUntil) {
      await this.#world.sleep(this.#frozenUntil - this.#world.now(), forever)
    }
    if (this.#dead) await never()
  }

  #fails(place: string): boolean {
    const fails = this.#dice.chance(this.#fate.fault)
    if (fails) this.#onMishap('fault', place)
    return fails
  }
}

const forever = new AbortController().signal

/** The first segment of a key: `jobs`, `results`. */
function kindOf(key: string): string {
  return key.split('/')[0] ?? ''
}

function lostCall(name: string): GreenprintError {
  return new GreenprintError('store_failed', `The connection was lost at: ${name}.`)
}
