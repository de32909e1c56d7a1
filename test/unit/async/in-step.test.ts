// Generators that are gone through together: each step has one of each, and all of them end.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inStep } from '../../../lib/async/in-step.ts'

const signal = new AbortController().signal

describe('generators in step', () => {
  it('give one value of each at a time, until one has no more', async () => {
    const ended: string[] = []
    const counting = (name: string, most: number, ms: number) =>
      async function* (): AsyncGenerator<string> {
        try {
          for (let at = 0; at < most; at++) {
            await sleep(ms)
            yield `${name}${at}`
          }
        } finally {
          ended.push(name)
        }
      }
    const seen: (readonly string[])[] = []
    const both = [counting('a', 3, 4), counting('b', 9, 1)]
    for await (const values of inStep(both, signal)) seen.push(values)
    assert.deepEqual(seen, [
      ['a0', 'b0'],
      ['a1', 'b1'],
      ['a2', 'b2'],
    ])
    assert.deepEqual(ended.toSorted(), ['a', 'b'])
  })

  it('end with the fault of one, when the others have stopped', async () => {
    let stopped = false
    async function* failing(): AsyncGenerator<number> {
      yield 1
      throw new Error('no more')
    }
    async function* waiting(until: AbortSignal): AsyncGenerator<number> {
      try {
        yield 1
        await sleep(60_000, undefined, { signal: until })
      } finally {
        stopped = true
      }
    }
    const going = async () => {
      for await (const _ of inStep([failing, waiting], signal));
    }
    await assert.rejects(going(), /no more/)
    assert.ok(stopped)
  })

  it('end when who goes through them stops', async () => {
    let stopped = 0
    async function* endless(): AsyncGenerator<number> {
      try {
        for (;;) yield 1
      } finally {
        stopped++
      }
    }
    for await (const _ of inStep([endless, endless], signal)) break
    assert.equal(stopped, 2)
  })
})
