// Which words of a configuration are secret, and that a log line loses them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../../lib/config/config.ts'
import { secretsOf, withoutSecrets } from '../../../lib/config/secrets.ts'
import { variableNames, variables } from '../../../lib/config/variables.ts'
import { createLog } from '../../../lib/log.ts'

const RECEIPT_KEY = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g'

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
  RECEIPT_KEY,
  SOURCE_HEADERS: 'https://data.example|Authorization: Bearer source-token-1',
})

/** Each secret variable, and what of it must not be told. */
const kept: Readonly<Record<string, readonly [value: string, secret: string]>> = {
  API_TOKENS: ['ann:secret-of-tokens', 'secret-of-tokens'],
  CLUSTER_AUTH: ['user:secret-of-cluster', 'secret-of-cluster'],
  FILEBASE_SECRET: ['secret-of-filebase', 'secret-of-filebase'],
  KUBO_RPC_HEADERS: ['Authorization: Bearer secret-of-kubo', 'secret-of-kubo'],
  ORIGIN_SECRET: ['secret-of-the-origin-in-32-letters', 'secret-of-the-origin-in-32-letters'],
  PINATA_GATEWAY: ['https://mine.example|X-Key: secret-of-gateway', 'secret-of-gateway'],
  PINATA_JWT: ['secret-of-pinata', 'secret-of-pinata'],
  PSA_TOKEN: ['secret-of-psa', 'secret-of-psa'],
  RECEIPT_KEY: [RECEIPT_KEY, RECEIPT_KEY],
  SOURCE_HEADERS: ['https://data.example|X-Key: secret-of-source', 'secret-of-source'],
  W3UP_KEY: ['secret-of-w3up', 'secret-of-w3up'],
  W3UP_PROOF: ['proof-of-w3up', 'proof-of-w3up'],
}
/** Beside a secret of its own, which is what signs. */
const names = new Set(['FILEBASE_KEY'])

describe('each variable that is a secret of a deployment', () => {
  const all = [...variableNames].filter((name) => variables[name].given?.as === 'secret')
  const services = {
    CLUSTER_URL: 'https://cluster.example',
    FILEBASE_BUCKET: 'maps',
    FILEBASE_KEY: 'key-of-filebase',
    KUBO_RPC_URL: 'https://kubo.example',
    PSA_URL: 'https://psa.example',
    W3UP_DID: 'did:web:up.example',
    W3UP_URL: 'https://up.example',
  }
  const env = Object.fromEntries(Object.entries(kept).map(([name, [value]]) => [name, value]))
  const struck = new Set(secretsOf(readConfig({ ...services, ...env })))

  it('is here', () => {
    const expected = all.filter((name) => !names.has(name))
    assert.deepEqual(Object.keys(kept).toSorted(), expected.toSorted())
  })

  for (const [name, [, secret]] of Object.entries(kept)) {
    it(`${name} is struck out of the log`, () => assert.ok(struck.has(secret)))
  }
})

describe('secrets', () => {
  it('are the tokens, keys and headers of a configuration, the longest first', () => {
    assert.deepEqual(secretsOf(config), [
      RECEIPT_KEY,
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
