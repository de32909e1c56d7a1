// Reads of the same thing at the same time are one read.

import { SharedTask } from './shared-task.ts'

export class JointReads<T> {
  readonly #tasks = new Map<string, SharedTask<T>>()

  /** Begins to read, unless somebody is at it. One who gives up does not end it for the others. */
  read(key: string, begin: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return (this.#tasks.get(key) ?? this.#begin(key, begin)).join(signal)
  }

  #begin(key: string, begin: (signal: AbortSignal) => Promise<T>): SharedTask<T> {
    const end = () => {
      if (this.#tasks.get(key) === task) this.#tasks.delete(key)
    }
    const task = new SharedTask(begin, end)
    this.#tasks.set(key, task)
    task.outcome.then(end, end)
    return task
  }
}
