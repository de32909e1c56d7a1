// Measures how long this thread works without giving the event loop a turn, in its own CPU time: other processes do
// not count.

/** The longest stretch of this thread's CPU time between two turns of the event loop while the task runs. */
export async function longestTurn<T>(
  task: () => Promise<T>,
): Promise<{ readonly value: T; readonly milliseconds: number }> {
  let longest = 0
  let running = true
  const cpu = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let last = cpu()
  const look = () => {
    const now = cpu()
    longest = Math.max(longest, now - last)
    last = now
    if (running) setImmediate(look)
  }
  setImmediate(look)
  try {
    const value = await task()
    look()
    return { value, milliseconds: longest }
  } finally {
    running = false
  }
}
