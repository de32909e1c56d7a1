// Small files that name large sizes end soon, in words or in pixels, without holding the thread.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { computeTiff } from '../../harness/compute-tiff.ts'
import { hostileTiffs } from '../../harness/hostile-tiffs.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'

/** Of this thread's CPU time. Twice the aim: a collection of garbage may fall into a turn. */
const MAX_TURN_MS = 100
const MAX_CPU_MS = 15_000

describe('a hostile TIFF', () => {
  for (const [name, tiff, words] of hostileTiffs) {
    it(name, async (t) => {
      const bytes = tiff()
      const began = process.cpuUsage()
      const { value, milliseconds } = await longestTurn(() => computeTiff(bytes))
      const { user, system } = process.cpuUsage(began)
      t.diagnostic(`longest turn ${milliseconds.toFixed(0)} ms`)
      if (words === null) assert.match(value, /^\d+ px$/)
      else assert.match(value, words)
      assert.ok(milliseconds < MAX_TURN_MS, `a turn of ${milliseconds} ms`)
      assert.ok((user + system) / 1000 < MAX_CPU_MS, `${(user + system) / 1000} ms of CPU`)
    })
  }
})
