// Who may publish: anyone locally, holders of a token elsewhere, nobody where no token is set.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mayPublish, requireToken, tokenName } from '../../../lib/http/auth.ts'

const tokens = [
  { name: 'ci', token: '0123456789abcdef' },
  { name: 'web', token: 'fedcba9876543210' },
]

describe('a token is known', () => {
  const rows = [
    ['the first', 'Bearer 0123456789abcdef', 'ci'],
    ['the last', 'Bearer fedcba9876543210', 'web'],
    ['the scheme in lower case', 'bearer 0123456789abcdef', 'ci'],
    ['the scheme in capitals', 'BEARER 0123456789abcdef', 'ci'],
    ['several spaces', 'Bearer   0123456789abcdef', 'ci'],
  ] as const
  for (const [name, header, expected] of rows) {
    it(name, () => assert.equal(tokenName(header, tokens), expected))
  }

  it('by its last name, when two names share it', () => {
    const twice = [...tokens, { name: 'other', token: '0123456789abcdef' }]
    assert.equal(tokenName('Bearer 0123456789abcdef', twice), 'other')
  })
})

describe('a token is not known', () => {
  const rows = [
    ['no header', undefined],
    ['an empty header', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['the token alone', '0123456789abcdef'],
    ['another scheme', 'Basic 0123456789abcdef'],
    ['another token', 'Bearer 0123456789abcdeg'],
    ['a prefix of a token', 'Bearer 0123456789abcde'],
    ['a token and more', 'Bearer 0123456789abcdef0'],
    ['a token in capitals', 'Bearer 0123456789ABCDEF'],
    ['two tokens', 'Bearer 0123456789abcdef fedcba9876543210'],
    ['a name and its token', 'Bearer ci:0123456789abcdef'],
    ['a scheme that begins alike', 'Bearers 0123456789abcdef'],
  ] as const
  for (const [name, header] of rows) {
    it(name, () => assert.equal(tokenName(header, tokens), null))
  }

  it('where none is set', () => assert.equal(tokenName('Bearer 0123456789abcdef', []), null))
})

describe('publishing', () => {
  it('is open locally, with a token, a wrong one or none', () => {
    for (const access of [
      { local: true, tokens },
      { local: true, tokens: [] },
    ]) {
      for (const header of [undefined, 'Bearer wrong', 'Bearer 0123456789abcdef']) {
        assert.equal(mayPublish(header, access), true)
        assert.doesNotThrow(() => requireToken('publishing', header, access))
      }
    }
  })

  it('takes a token elsewhere', () => {
    const access = { local: false, tokens }
    assert.equal(mayPublish('Bearer fedcba9876543210', access), true)
    assert.doesNotThrow(() => requireToken('publishing', 'Bearer fedcba9876543210', access))
    for (const header of [undefined, 'Bearer wrong']) {
      assert.equal(mayPublish(header, access), false)
      const refusal = { code: 'unauthorized', message: /send "Authorization: Bearer <token>"/ }
      assert.throws(() => requireToken('publishing', header, access), refusal)
    }
  })

  it('is off where no token is set, whatever is sent', () => {
    const access = { local: false, tokens: [] }
    for (const header of [undefined, 'Bearer ', 'Bearer 0123456789abcdef']) {
      assert.equal(mayPublish(header, access), false)
      const refusal = { code: 'publishing_disabled', message: /^Publishing is off.* no API_TOKENS/ }
      assert.throws(() => requireToken('publishing', header, access), refusal)
      const noJobs = { code: 'publishing_disabled', message: /^Jobs are off.* no API_TOKENS/ }
      assert.throws(() => requireToken('jobs', header, access), noJobs)
    }
  })
})
