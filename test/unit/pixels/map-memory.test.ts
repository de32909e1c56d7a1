// Memory of tiles that is used again: nobody has it twice.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  giveMapMemory,
  giveSampleMemory,
  takeMapMemory,
  takeSampleMemory,
} from '../../../lib/pixels/map-memory.ts'

describe('memory of maps', () => {
  it('that was given back is the next one of its size, and belongs to one at a time', () => {
    const [one, other] = [takeMapMemory(64), takeMapMemory(64)]
    assert.notEqual(one.values, other.values)
    giveMapMemory(one)
    assert.notEqual(takeMapMemory(65).values, one.values)
    assert.equal(takeMapMemory(64), one)
    assert.notEqual(takeMapMemory(64), one)
    assert.deepEqual([one.cols.length, one.rows.length, one.values.length], [64, 64, 64])
  })

  it('is not kept without end', () => {
    const pixels = 1024 * 1024
    const taken = [takeMapMemory(pixels), takeMapMemory(pixels), takeMapMemory(pixels)]
    for (const memory of taken) giveMapMemory(memory)
    const again = [takeMapMemory(pixels), takeMapMemory(pixels), takeMapMemory(pixels)]
    assert.equal(again.filter((memory) => taken.includes(memory)).length, 2)
  })

  it('of samples is one piece, for as many as fit', () => {
    const piece = takeSampleMemory(1000)
    assert.ok(piece !== undefined && piece.byteLength >= 1_048_576)
    assert.equal(takeSampleMemory(1_048_577), undefined)
    giveSampleMemory(undefined)
    giveSampleMemory(piece)
    assert.equal(takeSampleMemory(1), piece)
  })
})
