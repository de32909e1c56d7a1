// schemathesis against /openapi.json for a minute: what it sends is made of the schemas, and of their opposites.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { startLocal } from '../harness/local-process.ts'
import { peersHome, skipWithoutPython } from '../harness/peers.ts'

const SECONDS = 60

/**
 * All checks. What no JSON Schema says (exactly one of item and search, a ring that is one, a CID of something that
 * is there) may be refused, so data that a schema takes may be answered with a problem; and a source that is not there
 * is the documented 502 or 504. The other way round, fields that are null are left out, as bodies of others have them.
 */
const config = `
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 502, 504]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "4xx", 502, 504]
negative_data_rejection.expected-statuses = ["2xx", "3xx", "4xx", 502, 504]
`

it('schemathesis finds no fault in a minute', async (t) => {
  if (skipWithoutPython(t)) return
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const local = await startLocal({ PORT: '18180' })
  try {
    await writeFile(join(folder, 'schemathesis.toml'), config)
    const command = join(peersHome(), 'python', 'bin', 'schemathesis')
    const options = [
      `--config-file=${join(folder, 'schemathesis.toml')}`,
      'run',
      `${local.base}/openapi.json`,
      `--max-time=${SECONDS}`,
      // The same requests on every run, as far as the minute goes.
      '--seed=20261126',
      '--phases=examples,coverage,fuzzing',
      '--checks=all',
      '--continue-on-failure',
      '--no-color',
    ]
    const run = promisify(execFile)(command, options, { cwd: folder, maxBuffer: 2 ** 26 })
    const { stdout, code } = await run.then(
      (ended) => ({ ...ended, code: 0 }),
      (failed: { readonly stdout: string; readonly code: number }) => failed,
    )
    const failures = stdout.slice(stdout.indexOf('= FAILURES ='), stdout.indexOf('= SUMMARY ='))
    assert.equal(code, 0, `${failures.slice(0, 6000)}\n${stdout.slice(-1500)}`)
    const [, cases = '0'] = /(\d+) generated/.exec(stdout) ?? []
    assert.ok(Number(cases) > 200, `${cases} requests`)
  } finally {
    await local.close()
    await rm(folder, { recursive: true })
  }
})
