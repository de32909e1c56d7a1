// The lockfile installs everywhere: npm refuses one that lacks the entries of other platforms.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'

interface Entry {
  readonly resolved?: string
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** The project's own, and those of peers that have packages of their own. */
const folders = ['../../', '../peers/helia/']

const read = (folder: string, name: string) =>
  JSON.parse(readFileSync(new URL(`${folder}${name}`, import.meta.url), 'utf8'))

for (const folder of folders) {
  const lock: { packages: Record<string, Entry> } = read(folder, 'package-lock.json')

  it(`has an entry for every optional dependency of every package (${folder})`, () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !candidates(path, name).some((candidate) => candidate in lock.packages))
        .map((name) => `${name} of ${path}`),
    )
    assert.deepEqual(missing, [])
  })

  it(`names no registry, so that it installs from any (${folder})`, () => {
    const named = Object.entries(lock.packages).filter(([, { resolved }]) =>
      resolved?.startsWith('http'),
    )
    assert.deepEqual(
      named.map(([path]) => path),
      [],
    )
  })

  it(`pins every direct dependency exactly (${folder})`, () => {
    const { dependencies, devDependencies = {} }: Manifest = read(folder, 'package.json')
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    )
    assert.deepEqual(ranges, [])
  })
}

/** Where node looks for a package: beside the one that wants it, then further out. */
function candidates(path: string, name: string): string[] {
  const parts = path.split('/node_modules/')
  return [...parts.keys()]
    .map((depth) => [...parts.slice(0, parts.length - depth), name].join('/node_modules/'))
    .concat(`node_modules/${name}`)
}
