// Tasks for threads, good and bad.

import { serveTasks, type TaskSteps } from '../../lib/async/threads.ts'

export const address = import.meta.url

export type TestTask = 'sum' | 'fail' | 'for ever' | 'exit'

export interface TestOrder {
  readonly task: TestTask
  /** Shared: its numbers are summed, and each of them is doubled. */
  readonly numbers: Float64Array
}

serveTasks(address, compute, () => [])

function* compute({ task, numbers }: TestOrder): TaskSteps<number> {
  if (task === 'fail') throw new RangeError('this task fails')
  if (task === 'exit') process.exit(3)
  let sum = 0
  for (const [at, number] of numbers.entries()) {
    sum += number
    numbers[at] = 2 * number
    yield
  }
  if (task === 'for ever') for (;;) yield
  return sum
}
