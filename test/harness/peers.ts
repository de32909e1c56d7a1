// Programs that outsiders wrote and that test/peers/set-up.sh installs: where they are, and a loud skip where they
// are not.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { skipBecause } from './requires.ts'

const pinned = ['go.mod', 'requirements.txt', 'constraints.txt']

/** The folder that set-up.sh fills: named after the pins, so that a change of one installs anew. */
export function peersHome(): string {
  const hash = createHash('sha256')
  for (const name of pinned) hash.update(readFileSync(new URL(`../peers/${name}`, import.meta.url)))
  const { GREENPRINT_PEERS: chosen, XDG_CACHE_HOME: cache } = process.env
  if (chosen) return chosen
  const pins = hash.digest('hex').slice(0, 16)
  return join(cache || join(homedir(), '.cache'), 'greenprint', `peers-${pins}`)
}

/** Kubo's `ipfs`. */
export const kubo = (): string => join(peersHome(), 'ipfs')

/** Python 3.11 or later with the packages of requirements.txt. */
export const peersPython = (): string => join(peersHome(), 'python', 'bin', 'python')

/** Where the packages of test/peers/helia lie: named after their own lock. */
export function heliaHome(): string {
  const lock = readFileSync(new URL('../peers/helia/package-lock.json', import.meta.url))
  const pin = createHash('sha256').update(lock).digest('hex').slice(0, 16)
  return join(peersHome(), `helia-${pin}`)
}

/**
 * Skips the test when Helia is not installed; returns whether it did.
 *
 * @throws {Error} instead of skipping where GREENPRINT_NO_SKIP is set
 */
export function skipWithoutHelia(t: TestContext): boolean {
  const complete = join(heliaHome(), 'complete')
  return skipBecause(
    t,
    existsSync(complete) ? null : 'needs the packages of test/peers/helia: run `npm run peers`',
  )
}

/**
 * Skips the test when Kubo was not built; returns whether it did.
 *
 * @throws {Error} instead of skipping where GREENPRINT_NO_SKIP is set
 */
export function skipWithoutKubo(t: TestContext): boolean {
  return skipBecause(t, existsSync(kubo()) ? null : 'needs Kubo: run `npm run peers` (Go wanted)')
}

/**
 * Skips the test when the Python packages are not installed; returns whether it did.
 *
 * @throws {Error} instead of skipping where GREENPRINT_NO_SKIP is set
 */
export function skipWithoutPython(t: TestContext): boolean {
  const complete = join(peersHome(), 'python', 'complete')
  return skipBecause(
    t,
    existsSync(complete) ? null : 'needs the packages of test/peers: run `npm run peers`',
  )
}
