// Files that name a hundred million pixels, computed whole: within the memory of a function, and in turns.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { largeTiffs } from '../harness/hostile-tiffs.ts'

const MAX_PEAK = 900 * 1024 * 1024
/** Of CPU time; and with the collection of garbage that may fall into a turn. */
const MAX_TURN_MS = 50
const MAX_WITH_GARBAGE_MS = 100
const script = fileURLToPath(new URL('../harness/measure-tiff.ts', import.meta.url))

interface Measured {
  readonly value: string
  readonly milliseconds: number
  readonly withGarbage: number
  /** Bytes of resident memory. */
  readonly peak: number
}

async function measure(index: number, outputs: readonly string[]): Promise<Measured> {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [script, String(index), ...outputs])
  return JSON.parse(stdout)
}

describe('the memory and the turns of', () => {
  for (const [index, [name]] of largeTiffs.entries()) {
    for (const outputs of [
      ['figure', 'item'],
      ['layer', 'cog'],
    ]) {
      it(`${name}, ${outputs.join(' and ')}`, async (t) => {
        const { value, milliseconds, withGarbage, peak } = await measure(index, outputs)
        t.diagnostic(
          `${value.slice(0, 80)}: ${Math.round(peak / 2 ** 20)} MB, a turn of ${Math.round(milliseconds)} ms, ${Math.round(withGarbage)} with garbage`,
        )
        assert.match(value, /^\d+ px$|at most 40960 columns|nearly all of them empty/)
        assert.ok(peak < MAX_PEAK, `${peak} bytes`)
        assert.ok(milliseconds < MAX_TURN_MS, `a turn of ${milliseconds} ms`)
        assert.ok(withGarbage < MAX_WITH_GARBAGE_MS, `with garbage, a turn of ${withGarbage} ms`)
      })
    }
  }
})
