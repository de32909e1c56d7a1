// What an upload service's refusals become: one sentence each, by the name in its receipt and nothing of its words.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainW3upFailure } from '../../../../lib/publish/w3up/w3up-failure.ts'
import { W3upSilence } from '../../../../lib/publish/w3up/w3up-transport.ts'

/** As w3up-client throws: the reason of a receipt, a plain object, below its own error. */
const refusal = (name: string) =>
  new Error('failed space/blob/add invocation', { cause: { name, message: 'Mg-secret-words' } })

for (const [name, words] of [
  ['InvalidAudience', /W3UP_DID is not the DID/],
  ['Unauthorized', /does not accept W3UP_KEY with W3UP_PROOF/],
  ['InsufficientStorage', /has no storage.*provision it/],
  ['ServiceUnavailable', /switched off writing: publish to another service/],
  ['BlobSizeOutsideOfSupportedRange', /refused \(BlobSizeOutsideOfSupportedRange\)/],
  ['<h1>Sorry</h1>', /refused \(Error\)/],
] as const) {
  test(`a refusal named ${name}`, () => {
    const error = explainW3upFailure(refusal(name), 'up.example.org')
    assert.equal(error.code, 'publishing_failed')
    assert.match(error.message, words)
    assert.match(error.message, /up\.example\.org/)
    assert.doesNotMatch(error.message, /secret|<h1>/)
  })
}

test('silence goes before whatever is wrapped around it', () => {
  const silence = new W3upSilence('connection refused')
  const error = explainW3upFailure(new Error('Unauthorized', { cause: silence }), 'up.example.org')
  assert.match(error.message, /could not be reached \(connection refused\): check W3UP_URL/)
})

test('what is no error at all, or its own cause, ends too', () => {
  assert.match(explainW3upFailure('oops', 'up.example.org').message, /unknown error/)
  const circle = new Error('circle')
  circle.cause = circle
  assert.match(explainW3upFailure(circle, 'up.example.org').message, /refused \(Error\)/)
})
