// Tasks in order, some of which run ahead of their reader, within a bound on what they hold.

import { anySignal } from './deadline.ts'

export interface Ahead<In, Out> {
  /** What the result of a task will hold. */
  readonly weigh: (input: In) => number
  /** Of all tasks that run or wait for their reader; a single task may weigh more. */
  readonly most: number
  readonly run: (input: In, signal: AbortSignal) => Promise<Out>
}

/**
 * The result of each task, in order. A reader that stops early, or the first task that fails, ends the others; they
 * have ended when this has.
 */
export async function* readAhead<In, Out>(
  inputs: readonly In[],
  { weigh, most, run }: Ahead<In, Out>,
  signal: AbortSignal,
): AsyncGenerator<readonly [input: In, output: Out]> {
  const over = new AbortController()
  const both = anySignal([signal, over.signal])
  const running: { readonly input: In; readonly output: Promise<Out> }[] = []
  let held = 0
  let next = 0
  const start = () => {
    while (next < inputs.length) {
      const input = inputs[next]!
      const weight = weigh(input)
      if (running.length > 0 && held + weight > most) return
      held += weight
      next++
      const output = run(input, both)
      // Told when its turn comes.
      output.catch(() => undefined)
      running.push({ input, output })
    }
  }
  try {
    start()
    for (let first = running[0]; first !== undefined; first = running[0]) {
      const output = await first.output
      yield [first.input, output]
      running.shift()
      held -= weigh(first.input)
      start()
    }
  } finally {
    over.abort(new Error('no more of them is wanted'))
    await Promise.allSettled(running.map(({ output }) => output))
  }
}
