// Medians of many observations: a wide row of them is no turn of the event loop by itself.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startFold } from '../../../lib/pixels/compose-fold.ts'
import { FIRST } from '../../../lib/pixels/composed-rows.ts'
import { newMemory } from '../../../lib/pixels/scan.ts'

const [cols, count] = [4096, 100]

it('a median gives way within a row where many observations are put in order', () => {
  using memory = newMemory()
  const fold = startFold('median', cols, count, memory)
  const observed = new Uint8Array(cols).fill(1)
  // Each less than those before it: every value is moved past all others.
  for (let order = 0; order < count; order++) {
    const values = new Float64Array(cols).fill(1 - order / count)
    Array.from(fold.add({ values, observed }, order))
  }
  const into = { values: new Float32Array(cols), marks: new Uint16Array(cols) }
  const turns = Array.from(fold.finish(into, { cols, start: 0, boxCols: cols })).length
  const moves = (cols * count * (count - 1)) / 2
  assert.ok(moves / turns <= 1024 * 1024, `${moves} values were moved in ${turns} turns`)
  assert.deepEqual(into.values, new Float32Array(cols).fill((0.5 + 0.51) / 2))
  assert.deepEqual(into.marks, new Uint16Array(cols).fill(FIRST))
})
