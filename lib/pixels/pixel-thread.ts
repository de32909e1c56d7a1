// What a thread beside this one runs: it is this file, or what a bundle has made of it.

import { serveTasks } from '../async/threads.ts'
import { computeTask, type PixelResult } from './pixel-tasks.ts'

export const address = import.meta.url

serveTasks(address, computeTask, memoryOf)

function memoryOf(result: PixelResult): readonly ArrayBuffer[] {
  if (!('bins' in result)) return []
  const { fine, coarse } = result.bins
  return [fine.buffer, coarse.buffer]
}
