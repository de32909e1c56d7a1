// An error in a log line: its code, its message, the causes behind it, and the stack of a bug.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../lib/errors.ts'
import { faultOf } from '../../lib/log.ts'

describe('a fault in the log', () => {
  it('of the domain has its causes from the outer to the inner, and no stack', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const middle = new Error('connection refused', { cause: inner })
    const fault = new GreenprintError('search_failed', 'The search failed.', {
      details: ['one', 'two'],
      cause: middle,
    })
    assert.deepEqual(faultOf(fault), {
      code: 'search_failed',
      detail: 'The search failed.',
      details: ['one', 'two'],
      causes: ['connection refused', 'connect ECONNREFUSED'],
    })
  })

  it('of code is internal, with its message and its stack', () => {
    const { code, detail, stack } = faultOf(new TypeError('x is not a function'))
    assert.deepEqual([code, detail], ['internal', 'x is not a function'])
    assert.match(stack ?? '', /^TypeError: x is not a function\n +at /)
  })

  it('that is no error at all is told as text', () => {
    assert.deepEqual(faultOf('stop'), { code: 'internal', detail: 'stop' })
    assert.deepEqual(faultOf(undefined), { code: 'internal', detail: 'undefined' })
  })

  it('is clipped, however much was told and however deep the causes lie', () => {
    let cause: unknown = 'the bottom'
    for (let depth = 0; depth < 50; depth++) cause = new Error('y'.repeat(10_000), { cause })
    const details = Array.from({ length: 1_000 }, () => 'z'.repeat(10_000))
    const fault = new GreenprintError('invalid_request', 'x'.repeat(100_000), { details, cause })
    assert.ok(JSON.stringify(faultOf(fault)).length < 15_000)
  })

  it('whose causes go in a circle is told all the same', () => {
    const fault = new GreenprintError('search_failed', 'x', { cause: new Error('a') })
    if (fault.cause instanceof Error) fault.cause.cause = fault
    assert.ok(JSON.stringify(faultOf(fault)).length < 1_000)
  })
})
