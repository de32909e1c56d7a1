// The lockfile installs everywhere: npm refuses one that lacks the entries of other platforms.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'

interface Entry {
  readonly resolved?: string
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock: { packages: Record<string, Entry> } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
)

it('has an entry for every optional dependency of every package', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !candidates(path, name).some((candidate) => candidate in lock.packages))
      .map((name) => `${name} of ${path}`),
  )
  assert.deepEqual(missing, [])
})

it('names no registry, so that it installs from any', () => {
  const named = Object.entries(lock.packages).filter(([, { resolved }]) =>
    resolved?.startsWith('http'),
  )
  assert.deepEqual(
    named.map(([path]) => path),
    [],
  )
})

/** Where node looks for a package: beside the one that wants it, then further out. */
function candidates(path: string, name: string): string[] {
  const parts = path.split('/node_modules/')
  return [...parts.keys()]
    .map((depth) => [...parts.slice(0, parts.length - depth), name].join('/node_modules/'))
    .concat(`node_modules/${name}`)
}

it('pins every direct dependency exactly', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const ranges = Object.entries<string>({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  assert.deepEqual(ranges, [])
})
