// IPNS names: whose record counts, and how long gateways are waited for.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Clock } from '../../../lib/async/clock.ts'
import { createNames, type RecordSource } from '../../../lib/ipfs/names.ts'
import { makeIpnsKey, signRecord } from '../../harness/ipns.ts'

const forever = new AbortController().signal
const key = makeIpnsKey()
const now = Date.UTC(2026, 10, 26)
const text = (value: string) => new TextEncoder().encode(value)

/** A record of `/ipfs/bafy<sequence>`. */
function record(Sequence: number, until = '2026-11-28T00:00:00Z'): Uint8Array {
  const Value = text(`/ipfs/bafy${Sequence}`)
  const data = { Value, Validity: text(until), ValidityType: 0, Sequence, TTL: 1 }
  return signRecord(key, { data })
}

/** @param pause what becomes of a wait: it is over at once, or never */
function namesOf(answers: readonly (Uint8Array | 'hangs' | 'fails')[], pause: 'over' | 'endless') {
  const slept: number[] = []
  const asked: AbortSignal[] = []
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    )
  const clock: Clock = {
    elapsed: () => 0,
    now: () => now,
    async sleep(ms, signal) {
      slept.push(ms)
      if (pause === 'endless') await hang(signal)
    },
  }
  const sources = answers.map((answer, at): RecordSource => {
    return {
      name: `https://gateway${at}.example`,
      async getRecord(_, signal) {
        asked.push(signal)
        if (answer === 'hangs') return hang(signal)
        if (answer === 'fails') throw new Error('HTTP 500')
        return answer
      },
    }
  })
  return { resolve: createNames(sources, clock), slept, asked }
}

describe('an IPNS name', () => {
  it('stands for what the record with the highest sequence says', async () => {
    for (const answers of [
      [record(3), record(7)],
      [record(7), record(3)],
    ]) {
      const { resolve } = namesOf(answers, 'endless')
      const { value, sequence } = await resolve(key.name, forever)
      assert.deepEqual([value, sequence], ['/ipfs/bafy7', '7'])
    }
  })

  it('is known at once where all have answered, or two rightly', async () => {
    const over = record(9, '2026-11-25T00:00:00Z')
    for (const answers of [
      [record(1)],
      [record(1), 'fails', over],
      ['hangs', record(1), 'hangs', record(1)],
    ] as const) {
      const { resolve, asked } = namesOf(answers, 'endless')
      assert.equal((await resolve(key.name, forever)).value, '/ipfs/bafy1')
      assert.ok(asked.every(({ aborted }) => aborted))
    }
  })

  it('waits three seconds for others once one has a record', async () => {
    const { resolve, slept } = namesOf(['hangs', record(2), 'hangs'], 'over')
    const { value, sources } = await resolve(key.name, forever)
    assert.deepEqual([value, sources], ['/ipfs/bafy2', ['https://gateway1.example']])
    assert.deepEqual(slept, [3_000])
  })

  it('that nobody has a record of is told with a line for each', async () => {
    const { resolve } = namesOf(['fails', record(1, 'soon')], 'endless')
    await assert.rejects(resolve(key.name, forever), (error: { details: readonly string[] }) => {
      assert.equal(error.details[0], 'https://gateway0.example: HTTP 500')
      assert.match(error.details[1] ?? '', /no valid end of validity/)
      return true
    })
  })

  it('is given up with its reader', async () => {
    const { resolve } = namesOf(['hangs'], 'endless')
    const reader = new AbortController()
    const resolving = resolve(key.name, reader.signal)
    reader.abort(new Error('gone'))
    await assert.rejects(resolving, /gone/)
  })
})
