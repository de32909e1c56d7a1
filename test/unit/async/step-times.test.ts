// The times of the steps, by a clock that is set by hand.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StepTimes } from '../../../lib/async/step-times.ts'

function start() {
  let now = 1000
  const times = new StepTimes({ elapsed: () => now })
  return { times, pass: (ms: number) => void (now += ms) }
}

describe('the times of steps', () => {
  it('run from one step to the next, and to the end', () => {
    const { times, pass } = start()
    pass(5)
    times.tell('scene')
    pass(20.04)
    times.tell('bands')
    pass(30.26)
    times.end()
    pass(100)
    assert.deepEqual(times.ms, { scene: 20, bands: 30.3 })
    assert.equal(times.total, 155.3)
    assert.equal(times.header, 'scene;dur=20, bands;dur=30.3, total;dur=155.3')
  })

  it('are of a whole step, however often it is told', () => {
    const { times, pass } = start()
    for (let strip = 0; strip < 4; strip++) {
      times.tell('ndvi')
      pass(10)
    }
    times.end()
    assert.deepEqual(times.ms, { ndvi: 40 })
  })

  it('add up where a step is taken twice', () => {
    const { times, pass } = start()
    for (const step of ['scene', 'bands', 'scene'] as const) {
      times.tell(step)
      pass(10)
    }
    times.end()
    assert.deepEqual(times.ms, { scene: 20, bands: 10 })
  })

  it('of a request without steps are its total', () => {
    const { times, pass } = start()
    pass(3)
    times.end()
    assert.equal(times.header, 'total;dur=3')
  })
})
