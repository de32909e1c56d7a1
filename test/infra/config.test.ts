// sst.config.ts itself: it fits SST's own types, and a stage is kept or removed by its name.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { itProves } from './deployed.ts'
import { root } from './sst-cli.ts'

/** What tsc says of this configuration; empty when all is well. */
async function typeFaults(folder: string): Promise<string> {
  const asked = ['--pretty', 'false', '-p', `${folder}/tsconfig.sst.json`]
  const told = await promisify(execFile)(`${root}node_modules/.bin/tsc`, asked).catch(
    (error: { stdout: string }) => error,
  )
  return told.stdout.trim()
}

/** The configuration with some words changed, in a folder where it finds SST's types as the real one does. */
function withFaults(faults: readonly (readonly [file: string, right: string, wrong: string])[]) {
  const folder = `${root}.sst/proof/faulty`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['sst.config.ts', 'tsconfig.sst.json', 'infra']) {
    cpSync(`${root}${name}`, `${folder}/${name}`, { recursive: true })
  }
  // The names of its variables come from there.
  symlinkSync(`${root}lib`, `${folder}/lib`)
  for (const [file, right, wrong] of [['sst.config.ts', './.sst/', '../../'], ...faults] as const) {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    assert.ok(text.includes(right), `${file} no longer says ${right}`)
    writeFileSync(`${folder}/${file}`, text.replace(right, wrong))
  }
  return folder
}

describe('the configuration', () => {
  itProves('fits the types of SST and of its AWS provider', async () => {
    assert.equal(await typeFaults(root), '')
  })

  itProves('would not with a value that SST, or a property that AWS, does not know', async () => {
    const folder = withFaults([
      ['infra/places.ts', "'90 minutes'", "'90 mins'"],
      ['infra/alarms.ts', 'evaluationPeriods', 'evaluationPeriod'],
    ])
    const faults = await typeFaults(folder)
    assert.match(faults, /infra\/places\.ts.*"90 mins"/)
    assert.match(faults, /infra\/alarms\.ts.*'evaluationPeriod'/)
  })
})

interface Config {
  app(input: { readonly stage: string }): Readonly<Record<string, unknown>>
}

describe('a stage', () => {
  async function appOf(stage: string) {
    Object.assign(globalThis, { $config: (config: Config) => config })
    const { default: config }: { default: Config } = await import(`${root}sst.config.ts`)
    return config.app({ stage })
  }

  it('named production is protected, and keeps its data when it is removed all the same', async () => {
    const { removal, protect } = await appOf('production')
    assert.deepEqual({ removal, protect }, { removal: 'retain', protect: true })
  })

  it('of any other name leaves nothing behind', async () => {
    const { removal, protect } = await appOf('try')
    assert.deepEqual({ removal, protect }, { removal: 'remove', protect: false })
  })

  it('is made by a pinned provider', async () => {
    const { aws }: { aws?: { version?: string } } = Object((await appOf('try'))['providers'])
    assert.equal(aws?.version, '7.20.0')
  })
})
