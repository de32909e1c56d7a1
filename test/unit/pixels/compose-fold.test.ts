// What is composed gives way: a wide row of many observations is no turn of the event loop, nor a large rectangle.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startFold } from '../../../lib/pixels/compose-fold.ts'
import { FIRST } from '../../../lib/pixels/composed-rows.ts'
import { newMemory } from '../../../lib/pixels/scan.ts'

const [cols, count] = [4096, 100]

it('a median gives way within a row where many observations are put in order', () => {
  using memory = newMemory()
  const fold = startFold('median', cols, count, memory)
  Array.from(fold.begin())
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

for (const method of ['median', 'latest_valid', 'max_ndvi'] as const) {
  it(`${method} gives way within a rectangle, however large`, () => {
    const size = 8 * 1024 * 1024
    using memory = newMemory()
    const fold = startFold(method, size, 1, memory)
    const pixels = { values: new Float64Array(size).fill(0.5), observed: new Uint8Array(size) }
    for (const steps of [fold.begin(), fold.add(pixels, 0)]) {
      assert.ok(Array.from(steps).length >= size / (64 * 1024))
    }
    const cols = 4096
    const into = { values: new Float32Array(size), marks: new Uint16Array(size) }
    Array.from(fold.finish(into, { cols, start: 0, boxCols: cols }))
    assert.deepEqual([into.values[size - 1], into.marks[size - 1]], [0.5, FIRST])
  })
}
