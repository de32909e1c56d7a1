// Tests that need programs from outside npm: skipped loudly where they are missing, never skipped in CI.

import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'

export interface Requirement {
  /** Programs that must be on the PATH. */
  readonly commands: readonly string[]
  /** Modules that Debian's own Python must have. */
  readonly pythonModules?: readonly string[]
  /** What to install, as `apt-get install` takes it. */
  readonly packages: string
}

/** Words to skip with, or null when every program is there. */
export function missing({ commands, pythonModules = [], packages }: Requirement): string | null {
  const absent = [
    ...commands.filter((command) => !isInstalled(command)),
    ...notImportable(pythonModules).map((name) => `python3's ${name}`),
  ]
  if (absent.length === 0) return null
  return `needs ${absent.join(', ')}: apt-get install ${packages}`
}

/**
 * Skips the test, and says what to install, when a program is missing; returns whether it did.
 *
 * @throws {Error} instead of skipping where GREENPRINT_NO_SKIP is set
 */
export function skipWithout(t: TestContext, requirement: Requirement): boolean {
  return skipBecause(t, missing(requirement))
}

/**
 * Skips the test for this reason, in words that start with what it `needs`; null goes on. Returns whether it did.
 *
 * @throws {Error} instead of skipping where GREENPRINT_NO_SKIP is set
 */
export function skipBecause(t: TestContext, reason: string | null): boolean {
  if (reason === null) return false
  if (process.env['GREENPRINT_NO_SKIP'])
    throw new Error(`GREENPRINT_NO_SKIP is set, but this ${reason}`)
  t.diagnostic(`SKIPPED: ${reason}`)
  t.skip(reason)
  return true
}

/** Not whichever python3 comes first on the PATH: Debian's modules are of Debian's own. */
export const PYTHON = '/usr/bin/python3'

/** By name: to start Python and import rasterio takes half a second, and many tests of one file ask. */
const imported = new Map<string, boolean>()

function notImportable(names: readonly string[]): string[] {
  const isKnown = names.every((name) => imported.has(name))
  if (!isKnown && canImport(names.join(', '))) for (const name of names) imported.set(name, true)
  return names.filter((name) => {
    const known = imported.get(name) ?? canImport(name)
    imported.set(name, known)
    return !known
  })
}

function canImport(names: string): boolean {
  return spawnSync(PYTHON, ['-c', `import ${names}`], { stdio: 'ignore' }).status === 0
}

function isInstalled(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
