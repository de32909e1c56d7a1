// Which words of a configuration are secret, and that a log line loses them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../../lib/config/config.ts'
import { secretsOf, withoutSecrets } from '../../../lib/config/secrets.ts'
import { createLog } from '../../../lib/log.ts'

const config = readConfig({
  API_TOKENS: 'ann:a-token-of-ann-s, bob:a-token-of-ann-s-and-bob',
  W3UP_URL: 'https://up.example',
  W3UP_DID: 'did:web:up.example',
  W3UP_KEY: 'MgKEYKEYKEY',
  W3UP_PROOF: 'proofproof',
  S3_BUCKET: 'maps',
  S3_ENDPOINT: 'https://s3.example',
  S3_ACCESS_KEY_ID: 'public-id',
  S3_SECRET_ACCESS_KEY: 's3/secret+"key"',
  IPFS_GATEWAYS:
    'https://gw.example/keyinpath|Authorization: Bearer abcdefgh, https://gw2.example|X: y',
  RECEIPT_KEY: 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g',
  SOURCE_HEADERS: 'https://data.example|Authorization: Bearer source-token-1',
})

describe('secrets', () => {
  it('are the tokens, keys and headers of a configuration, the longest first', () => {
    assert.deepEqual(secretsOf(config), [
      'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g',
      'a-token-of-ann-s-and-bob',
      'Bearer source-token-1',
      'a-token-of-ann-s',
      's3/secret+"key"',
      'Bearer abcdefgh',
      'source-token-1',
      'MgKEYKEYKEY',
      'proofproof',
      '/keyinpath',
      'abcdefgh',
    ])
  })

  it('are struck out wherever they are in a line', () => {
    const line = { message: 'sent abcdefgh, s3/secret+"key"', 'a-token-of-ann-s-and-bob': 1 }
    assert.deepEqual(withoutSecrets(line, secretsOf(config)), {
      message: 'sent [secret], [secret]',
      '[secret]': 1,
    })
  })

  it('are in no line of a log, whichever door writes it', () => {
    const lines: unknown[] = []
    const log = createLog(config, (...line) => lines.push(line))
    log('warn', { event: 'job', fault: { message: 'MgKEYKEYKEY was refused' } })
    assert.deepEqual(lines, [
      ['warn', { event: 'job', fault: { message: '[secret] was refused' } }],
    ])
  })

  it('are none where nothing is configured', () => {
    assert.deepEqual(secretsOf(readConfig({})), [])
  })
})
