// The bundler: modules of Node by every name that they have.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { bundleInto } from '../../infra/bundle.ts'

const folder = await mkdtemp(join(tmpdir(), 'greenprint-bundle-'))
after(() => rm(folder, { recursive: true, force: true }))

describe('a bundle', () => {
  it('has modules of Node with their prefix and without, and those that have no other name', async () => {
    const program = join(folder, 'program.ts')
    await writeFile(
      program,
      `import { isSea } from 'node:sea'
       import { basename } from 'path'
       import { basename as prefixed } from 'node:path'
       process.stdout.write(JSON.stringify([isSea(), basename('/a/b'), basename === prefixed]))`,
    )
    await bundleInto(folder, program)
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'bundle.mjs')])
    assert.deepEqual(JSON.parse(stdout), [false, 'b', true])
  })
})
