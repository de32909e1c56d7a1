// What a log line tells of a fault: the code, what the caller was told, the causes behind it, and a bug's stack.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { faultOf } from '../../../lib/http/log-line.ts'

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

  it('of code has a stack, and its message among nothing that the caller is told', () => {
    const told = {
      code: '',
      detail: '',
      stack: '',
      ...faultOf(new TypeError('x is not a function')),
    }
    assert.equal(told.code, 'internal')
    assert.doesNotMatch(told.detail, /function/)
    assert.match(told.stack, /^TypeError: x is not a function\n +at /)
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
