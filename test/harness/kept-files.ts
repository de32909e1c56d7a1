// What lies in the folder of a system: which files, and how long they are.

import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Sizes by path from the folder; temporary and lock files of writers left out. */
export async function keptFiles(folder: string): Promise<Map<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('~'))
  const sized = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [relative(folder, path), (await stat(path)).size] as const
  })
  return new Map(await Promise.all(sized))
}
