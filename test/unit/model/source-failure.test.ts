// One table from HTTP status to what it says of its source.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { kindOfStatus, SourceFailure } from '../../../lib/model/source-failure.ts'

for (const [status, kind] of [
  [0, 'broken'],
  [200, 'refused'],
  [301, 'refused'],
  [400, 'refused'],
  [403, 'refused'],
  [404, 'absent'],
  [408, 'slow'],
  [410, 'refused'],
  [416, 'refused'],
  [429, 'busy'],
  [451, 'refused'],
  [500, 'broken'],
  [503, 'busy'],
  [504, 'slow'],
] as const) {
  it(`status ${status} is ${kind}`, () => assert.equal(kindOfStatus(status), kind))
}

it('a failure has one line, and no cause where there was none', () => {
  const failure = new SourceFailure('https://gateway.example', 'slow', 'HTTP 504')
  assert.equal(failure.line, 'https://gateway.example: HTTP 504')
  assert.equal('cause' in failure, false)
  assert.equal(failure.retryAfterMs, null)
})
