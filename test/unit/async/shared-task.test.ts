// One fetch for several readers: each may leave, the last one to leave ends it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SharedTask } from '../../../lib/async/shared-task.ts'

const forever = new AbortController().signal

function startFlight() {
  const landing = Promise.withResolvers<string>()
  const events: string[] = []
  const flight = new SharedTask<string>(
    (signal) => {
      signal.addEventListener('abort', () => {
        events.push('called off')
        landing.reject(signal.reason)
      })
      return landing.promise
    },
    () => events.push('abandoned'),
  )
  flight.outcome.catch(() => undefined)
  return { flight, landing, events }
}

describe('a flight', () => {
  it('brings the same to all who joined', async () => {
    const { flight, landing } = startFlight()
    const readers = [flight.join(forever), flight.join(forever)]
    landing.resolve('block')
    assert.deepEqual(await Promise.all(readers), ['block', 'block'])
  })

  it('fails for all who joined', async () => {
    const { flight, landing } = startFlight()
    const readers = [flight.join(forever), flight.join(forever)]
    landing.reject(new Error('nobody has it'))
    for (const reader of readers) await assert.rejects(reader, /nobody has it/)
  })

  it('goes on for the others when one leaves with a reason of its own', async () => {
    const { flight, landing, events } = startFlight()
    const impatient = new AbortController()
    const leaving = flight.join(impatient.signal)
    const staying = flight.join(forever)
    impatient.abort(new Error('had enough'))
    await assert.rejects(leaving, /had enough/)
    assert.deepEqual(events, [])
    landing.resolve('block')
    assert.equal(await staying, 'block')
  })

  it('is abandoned first, then called off, when the last one leaves', async () => {
    const { flight, events } = startFlight()
    const readers = [new AbortController(), new AbortController()]
    const joined = readers.map(({ signal }) => flight.join(signal))
    for (const reader of readers) reader.abort(new Error('had enough'))
    for (const one of joined) await assert.rejects(one, /had enough/)
    assert.deepEqual(events, ['abandoned', 'called off'])
  })

  it('is left at once by who had left before', async () => {
    const { flight, events } = startFlight()
    await assert.rejects(flight.join(AbortSignal.abort(new Error('had left'))), /had left/)
    assert.deepEqual(events, ['abandoned', 'called off'])
  })
})
