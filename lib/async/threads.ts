// Threads beside this one, for computations that hold it for long: each takes a task, and ends at the next step once
// nobody wants it.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

interface Ordered<Task> {
  readonly number: number
  readonly task: Task
  /** Shared: not 0 once nobody wants the result. */
  readonly stop: Int32Array
}

type Answer<Result> =
  | { readonly number: number; readonly result: Result }
  | { readonly number: number; readonly error: unknown }

interface Waiting<Result> {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

interface Thread<Result> {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting<Result>>
}

export interface ThreadOptions {
  /** Imports the module that calls `serveTasks`, and tells its own address: in a bundle it is a file of another name. */
  readonly load: () => Promise<{ readonly address: string }>
  readonly most: number
}

export class Threads<Task, Result> {
  readonly #options: ThreadOptions
  readonly #threads = new Set<Thread<Result>>()
  #starting: Promise<void> | null = null
  #number = 0

  constructor(options: ThreadOptions) {
    this.#options = options
  }

  /** How many there will be, once they are started. */
  get most(): number {
    return this.#options.most
  }

  /** How many there are now. */
  get count(): number {
    return this.#threads.size
  }

  /** Starts them, once; resolves when they are there. Those that cannot be started are done without. */
  start(): Promise<void> {
    this.#starting ??= this.#startAll().catch(() => undefined)
    return this.#starting
  }

  /** Ends them; what they compute fails. */
  async end(): Promise<void> {
    await this.#starting
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()))
  }

  /**
   * Has the thread with the fewest tasks compute one. There must be one.
   *
   * @param task cloned, but for memory that is shared
   * @throws what the task throws; the signal's reason, once the thread has stopped to work on it
   */
  async run(task: Task, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted()
    const [thread] = [...this.#threads].toSorted(
      (one, other) => one.waiting.size - other.waiting.size,
    )
    if (thread === undefined) throw new RangeError('no thread has been started')
    const { worker, waiting } = thread
    const number = this.#number++
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const giveUp = () => void Atomics.store(stop, 0, 1)
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    waiting.set(number, { resolve, reject })
    signal.addEventListener('abort', giveUp, { once: true })
    // Idle threads keep no process alive.
    worker.ref()
    try {
      const ordered: Ordered<Task> = { number, task, stop }
      worker.postMessage(ordered, [])
      const result = await promise
      signal.throwIfAborted()
      return result
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
      waiting.delete(number)
      if (waiting.size === 0) worker.unref()
    }
  }

  async #startAll(): Promise<void> {
    const { load, most } = this.#options
    if (most === 0) return
    const { address } = await load()
    await Promise.all(Array.from({ length: most }, () => this.#startOne(address)))
  }

  async #startOne(address: string): Promise<void> {
    // Options of this process are for its own first module.
    const worker = new Worker(new URL(address), { workerData: { address }, execArgv: [] })
    const thread: Thread<Result> = { worker, waiting: new Map() }
    const { promise: settled, resolve } = Promise.withResolvers<void>()
    const fail = (error: unknown) => {
      this.#threads.delete(thread)
      for (const { reject } of thread.waiting.values()) reject(error)
      resolve()
    }
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error(`the thread of ${address} has ended`)))
    worker.on('message', (answer: Answer<Result> | 'ready') => {
      if (answer === 'ready') {
        this.#threads.add(thread)
        return resolve()
      }
      const task = thread.waiting.get(answer.number)
      if ('error' in answer) task?.reject(answer.error)
      else task?.resolve(answer.result)
    })
    await settled
    worker.unref()
  }
}

/** TaskSteps of a computation: between them it may be given up. */
export type TaskSteps<Result> = Generator<undefined, Result, undefined>

/**
 * In a thread that was started for the module of this address: computes the tasks that come, one after the other.
 *
 * @param compute takes what `Threads.run` was given there
 * @param memoryOf what of a result is moved, not cloned
 */
export function serveTasks<Result>(
  address: string,
  compute: (task: never) => TaskSteps<Result>,
  memoryOf: (result: Result) => readonly ArrayBuffer[],
): void {
  if (isMainThread || parentPort === null || !isFor(workerData, address)) return
  const port = parentPort
  port.on('message', ({ number, task, stop }: Ordered<never>) => {
    try {
      const steps = compute(task)
      for (;;) {
        if (Atomics.load(stop, 0) !== 0) throw new Error('nobody wants the result')
        const { done, value } = steps.next()
        if (done !== true) continue
        const answer: Answer<Result> = { number, result: value }
        return port.postMessage(answer, [...memoryOf(value)])
      }
    } catch (error) {
      const answer: Answer<Result> = { number, error }
      port.postMessage(answer, [])
    }
  })
  port.postMessage('ready', [])
}

function isFor(data: unknown, address: string): boolean {
  return typeof data === 'object' && data !== null && 'address' in data && data.address === address
}
