// SST's own command line, from npm, without what it would fetch from elsewhere: no engine, no bun, no telemetry.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const platform = `${root}.sst/platform`

const quiet = {
  SST_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  SST_SKIP_DEPENDENCY_CHECK: '1',
  SST_NO_BUN: '1',
}

/**
 * Runs `sst <command> --stage test` on this project; a command may be of several words.
 *
 * @throws {Error} with everything it said, when it fails
 */
export async function sst(command: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(`${root}node_modules/.bin/sst`, [...command.split(' '), '--stage', 'test'], {
    cwd: root,
    env: { ...process.env, ...quiet, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [out, error, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (status !== 0) throw new Error(`sst ${command} ended with ${status}:\n${out}${error}`)
}

/**
 * Makes sure that the sources and the types of SST's components are in .sst/platform.
 *
 * @throws {Error} when they cannot be had
 */
export async function ensurePlatform(tell: (line: string) => void): Promise<void> {
  if (hasPlatform()) return
  tell('sst install: SST unpacks its components into .sst, and npm brings what they import.')
  tell('The first time that takes about 40 s and 320 MB, and needs the npm registry.')
  await sst('install', {})
}

/** A platform of another version, or one whose installation was broken off, is none. */
function hasPlatform(): boolean {
  const wanted = readJson(`${root}node_modules/sst/package.json`)
  const version = existsSync(`${platform}/version`)
    ? readFileSync(`${platform}/version`, 'utf8')
    : ''
  return (
    version.trim() === wanted.version &&
    existsSync(`${platform}/config.d.ts`) &&
    existsSync(`${platform}/node_modules/.package-lock.json`)
  )
}

function readJson(path: string): { version: string } {
  return JSON.parse(readFileSync(path, 'utf8'))
}
