// Secrets by reference: read as a process starts, by the SDK, from a stand-in on loopback; and never told.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../lib/config/load-config.ts'
import { GreenprintError } from '../../lib/errors.ts'
import { createLog } from '../../lib/log.ts'
import { childEnvironment } from '../harness/child-environment.ts'
import { type KeptTexts, startKeptTexts } from '../harness/kept-texts.ts'

const TOKEN = 'a-token-that-nobody-may-see'
let kept: KeptTexts

before(async () => {
  kept = await startKeptTexts()
  // For the SDK of this process, as Lambda has them.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: kept.endpoint,
    AWS_ACCESS_KEY_ID: 'FIRSTKEY',
    AWS_SECRET_ACCESS_KEY: 'first-secret',
  })
})
beforeEach(() => {
  kept.texts.clear()
  kept.asked.length = 0
})

const load = (given: Readonly<Record<string, string>>) =>
  loadConfig({ AWS_LAMBDA_FUNCTION_NAME: 'Api', AWS_REGION: 'eu-central-1', ...given })

async function faultsOf(given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const error: unknown = await load(given).catch((fault: unknown) => fault)
  assert.ok(error instanceof GreenprintError)
  assert.equal(error.code, 'invalid_configuration')
  return error.details
}

describe('a configuration with references', () => {
  it('is that of the texts that they stand for, each read once', async () => {
    kept.texts.set('greenprint/tokens', `ann:${TOKEN}\n`)
    kept.texts.set('greenprint/keys', JSON.stringify({ jwt: 'of pinata', psa: 'of psa' }))
    kept.texts.set('/greenprint/watch', '-60,-4,-59,-3')
    kept.texts.set('/greenprint/headers', `https://d.example|Authorization: Bearer ${TOKEN}`)
    const config = await load({
      API_TOKENS: 'aws-secret:greenprint/tokens',
      PINATA_JWT: 'aws-secret:greenprint/keys#jwt',
      PSA_TOKEN: 'aws-secret:greenprint/keys#psa',
      PSA_URL: 'https://psa.example',
      WATCH: 'ssm:/greenprint/watch',
      SOURCE_HEADERS: 'ssm:/greenprint/headers',
    })
    assert.deepEqual(config.tokens, [{ name: 'ann', token: TOKEN }])
    assert.equal(config.pinata?.jwt, 'of pinata')
    assert.equal(config.psa?.token, 'of psa')
    assert.equal(config.watch?.length, 1)
    assert.equal(config.sourceHeaders[0]?.headers['Authorization'], `Bearer ${TOKEN}`)
    assert.deepEqual(kept.asked.toSorted(), [
      'GetParameter /greenprint/headers',
      'GetParameter /greenprint/watch',
      'GetSecretValue greenprint/keys',
      'GetSecretValue greenprint/tokens',
    ])
    // What was read is as secret as what is written in the environment.
    const lines: string[] = []
    const log = createLog(config, (_level, line) => void lines.push(JSON.stringify(line)))
    log('info', { detail: `with ${TOKEN}` })
    assert.deepEqual(lines, ['{"detail":"with [secret]"}'])
  })

  it('waits where many functions start at once, and AWS has no more for now', async () => {
    kept.texts.set('/busy', 'https://stac.example.org')
    kept.throttled = 3
    const config = await load({ STAC_API_URL: 'ssm:/busy' })
    assert.equal(config.stacApiUrl, 'https://stac.example.org')
    assert.equal(kept.asked.filter((each) => each === 'GetParameter /busy').length, 4)
  })

  it('asks nobody where there are none', async () => {
    await load({ API_TOKENS: `ann:${TOKEN}` })
    assert.deepEqual(kept.asked, [])
  })

  it('names the variable, the reference and what to do where one cannot be read', async () => {
    const denied = `User: arn:aws:sts::123456789012:assumed-role/Api/x is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-central-1:123456789012:parameter/denied because no identity-based policy allows it`
    kept.texts.set('/denied', { error: 'AccessDeniedException', message: denied })
    kept.texts.set('locked', {
      error: 'AccessDeniedException',
      message: 'Access to KMS is not allowed',
    })
    kept.texts.set('words', { error: 'AccessDeniedException', message: 'no' })
    assert.deepEqual(
      await faultsOf({
        API_TOKENS: 'aws-secret:gone',
        SOURCE_HEADERS: 'ssm:/denied',
        PINATA_JWT: 'aws-secret:locked',
        RECEIPT_KEY: 'aws-secret:words',
        WATCH: 'ssm:/gone',
      }),
      [
        'API_TOKENS: aws-secret:gone could not be read: Secrets Manager has none of this name in the region that was asked.',
        'PINATA_JWT: aws-secret:locked could not be read: its key is refused: allow kms:Decrypt on it to the role of this function.',
        'RECEIPT_KEY: aws-secret:words could not be read: allow secretsmanager:GetSecretValue on words to the role of this function.',
        'SOURCE_HEADERS: ssm:/denied could not be read: allow ssm:GetParameter on arn:aws:ssm:eu-central-1::parameter/denied to the role of this function.',
        'WATCH: ssm:/gone could not be read: Parameter Store has none of this name in the region that was asked.',
      ],
    )
  })

  it('tells what is wrong with a text that was read, and not what it says', async () => {
    kept.texts.set('short', 'ann:tooshort')
    kept.texts.set('/number', 'not-a-number-but-a-key')
    const faults = await faultsOf({ API_TOKENS: 'aws-secret:short', MAX_PIXELS: 'ssm:/number' })
    assert.equal(faults.length, 2)
    const [tokens = '', pixels = ''] = faults.toSorted()
    assert.match(tokens, /^API_TOKENS takes name:token pairs/)
    assert.match(pixels, /^MAX_PIXELS must be a whole number/)
    assert.doesNotMatch(faults.join(), /tooshort|not-a-number-but-a-key/)
  })
})

describe('a function whose secrets cannot be read', () => {
  it('does not start, and says why', async () => {
    const functionUrl = new URL('../../functions/notify.ts', import.meta.url)
    const child = spawn(process.execPath, [fileURLToPath(functionUrl)], {
      env: {
        ...childEnvironment,
        AWS_LAMBDA_FUNCTION_NAME: 'Notify',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: kept.endpoint,
        AWS_ACCESS_KEY_ID: 'FIRSTKEY',
        AWS_SECRET_ACCESS_KEY: 'first-secret',
        IPFS_GATEWAYS: 'ssm:/greenprint/gateways',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said = await text(child.stderr)
    assert.match(said, /IPFS_GATEWAYS: ssm:\/greenprint\/gateways could not be read: Parameter/)
    assert.notEqual(child.exitCode, 0)
  })
})
