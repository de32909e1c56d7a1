// Several tasks of which none is worth finishing once one has failed.

/**
 * Runs tasks at once. When one fails the others are told to stop, and are over when its error comes out:
 * nothing goes on behind a caller's back.
 */
export async function allOrNone<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
): Promise<T[]> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const failures: unknown[] = []
  const running = tasks.map(async (task) => {
    try {
      return await task(both)
    } catch (error) {
      failures.push(error)
      stop.abort(new Error('another task has failed'))
      throw error
    }
  })
  const outcomes = await Promise.allSettled(running)
  if (failures.length > 0) throw failures[0]
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}
