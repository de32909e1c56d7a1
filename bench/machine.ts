// What else the machine did while something was measured, as Linux counts it.

import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

/** Of USER_HZ, in which Linux counts CPU time everywhere. */
const TICKS_PER_SECOND = 100

/** Processors, and the mean length of the queue for them over the last minute. */
export function machineLoad(): string {
  return `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1) ?? '?'}`
}

/** Starts to count. @returns the share of all processors that others had since, 0 to 1; NaN where nothing tells it */
export function watchOthers(): () => number {
  const [started, before] = [performance.now(), othersTicks()]
  return () => {
    const seconds = (performance.now() - started) / 1000
    return (othersTicks() - before) / (seconds * TICKS_PER_SECOND * cpus().length)
  }
}

/** CPU time of all processes but this one and those of its children that have ended. */
function othersTicks(): number {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = numbersOf(
      /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1],
    )
    // Behind the name, which may hold anything: state is the first field, utime the twelfth.
    const own = numbersOf(/\) \S (.*)$/m.exec(readFileSync('/proc/self/stat', 'utf8'))?.[1])
    const ours = own.slice(10, 14).reduce((sum, ticks) => sum + ticks, 0)
    return user + nice + system + irq + softirq - ours
  } catch {
    return Number.NaN
  }
}

function numbersOf(text = ''): number[] {
  return text.trim().split(/\s+/).map(Number)
}
