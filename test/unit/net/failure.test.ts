// What a fetch threw, in words that a proof or an error can carry.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { SourceFailure } from '../../../lib/model/source-failure.ts'
import { HttpFailure, toHttpFailure, toSourceFailure } from '../../../lib/net/failure.ts'

/** As undici throws it: the trouble itself is the cause. */
const fetchFailed = (cause: Error) => new TypeError('fetch failed', { cause })
const coded = (code: string, message = 'words of a library') =>
  Object.assign(new Error(message), { code })

const rows = [
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['UND_ERR_SOCKET', 'connection closed early'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
  ['ETIMEDOUT', 'no connection in time'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'body shorter or longer than it announced'],
  ['ENOTFOUND', 'host name not found (DNS)'],
  ['EAI_AGAIN', 'host name not found (DNS)'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['EPROTO', 'TLS failure'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS failure'],
  ['CERT_HAS_EXPIRED', 'TLS failure'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS failure'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS failure'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS failure'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS failure'],
  ['Z_DATA_ERROR', 'body is not encoded as it says'],
  ['Z_BUF_ERROR', 'body is not encoded as it says'],
  ['EWHATEVER', 'words of a library'],
] as const

describe('a fetch that failed with', () => {
  for (const [code, words] of rows) {
    it(`${code} is told as "${words}", with its cause kept for the log`, () => {
      const cause = coded(code)
      const failure = toHttpFailure(fetchFailed(cause))
      assert.ok(failure instanceof HttpFailure)
      assert.equal(failure.kind, 'broken')
      assert.equal(failure.message, words)
      assert.equal(failure.cause, cause)
    })
  }

  it('several addresses that all refused is told once', () => {
    const all = Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' })
    assert.equal(toHttpFailure(fetchFailed(all)).message, 'connection refused')
  })

  it('a refusal of the guard stays what it is, thrown or as the cause', () => {
    const refusal = new GreenprintError('host_refused', 'no')
    assert.equal(toHttpFailure(refusal), refusal)
    assert.equal(toHttpFailure(fetchFailed(refusal)), refusal)
  })

  it('a failure that has its words already keeps them', () => {
    const slow = new HttpFailure('slow', 'no answer within 5 ms')
    assert.equal(toHttpFailure(slow), slow)
  })

  it('something that is no error is told as it is', () => {
    assert.equal(toHttpFailure('odd').message, 'odd')
  })
})

describe('as the failure of a source', () => {
  for (const [error, kind] of [
    [new HttpFailure('slow', 'why'), 'slow'],
    [new HttpFailure('broken', 'why'), 'broken'],
    [new HttpFailure('oversized', 'why'), 'oversized'],
    [new GreenprintError('host_refused', 'why'), 'refused'],
    [new Error('why'), 'broken'],
  ] as const) {
    it(`${error.name} is ${kind}`, () => {
      const failure = toSourceFailure('https://gateway.example', error)
      assert.deepEqual([failure.kind, failure.line], [kind, 'https://gateway.example: why'])
      assert.equal(failure.cause, error)
    })
  }

  it('one that is one already stays as it is', () => {
    const failure = new SourceFailure('a', 'lie', 'why')
    assert.equal(toSourceFailure('b', failure), failure)
  })
})
