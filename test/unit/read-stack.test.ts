// `npm run stack` on a machine that deployed nothing, and with maps.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const cwd = mkdtempSync(join(tmpdir(), 'stack-'))
after(() => rmSync(cwd, { recursive: true }))
const script = fileURLToPath(new URL('../../scripts/read-stack.ts', import.meta.url))
const run = (name: string, input: string) =>
  spawnSync(process.execPath, [script, name], { cwd, input, encoding: 'utf8' })

/** Line 1, column 1 is line 8, column 1 of the source. */
const map = { version: 3, sources: ['../../lib/a.ts'], names: [], mappings: 'AAOA' }

describe('a stack', () => {
  it('without maps is told why it cannot be read', () => {
    const { status, stderr, stdout } = run('api', 'file:///var/task/bundle.mjs:1:1')
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^There are no maps of "api" in .*: they are kept where the API was /)
  })

  it('is told by its places, where a map has them', () => {
    mkdirSync(join(cwd, '.sst/maps/api'), { recursive: true })
    writeFileSync(join(cwd, '.sst/maps/api/known.mjs.map'), JSON.stringify(map))
    const line = 'a (file:///var/task/known.mjs:1:1)\\n b (file:///var/task/other.mjs:1:1)'
    const { stdout } = run('api', line)
    assert.equal(stdout, 'a (lib/a.ts:8:1)\n b (file:///var/task/other.mjs:1:1)')
  })
})
