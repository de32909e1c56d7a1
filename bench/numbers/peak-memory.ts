// What a job of a bench tells of its memory.

import { readFile } from 'node:fs/promises'

/**
 * MiB of this program alone, at the most: what getrusage calls the peak begins with that of the process that started
 * it.
 */
export async function peakMb(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8')
  return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]) / 1024
}
