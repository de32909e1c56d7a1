// A memory cgroup of this machine, where it lets one be made: what is put into it is killed beyond its limit.

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface MemoryGroup {
  /** From now on the process counts. */
  add(pid: number): void
  /** Once its processes have ended. */
  remove(): void
}

/** Of cgroup v2, else v1: the folder of groups, and the file of their limit. */
const kinds = [
  { root: '/sys/fs/cgroup', mark: 'cgroup.controllers', limit: 'memory.max' },
  { root: '/sys/fs/cgroup/memory', mark: 'memory.limit_in_bytes', limit: 'memory.limit_in_bytes' },
] as const

/** @returns null where this machine or its user has none */
export function createMemoryGroup(name: string, bytes: number): MemoryGroup | null {
  for (const { root, mark, limit } of kinds) {
    if (!existsSync(join(root, mark))) continue
    const folder = join(root, name)
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, limit), String(bytes))
    } catch {
      if (existsSync(folder)) rmdirSync(folder)
      continue
    }
    return {
      add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
      remove: () => rmdirSync(folder),
    }
  }
  return null
}
