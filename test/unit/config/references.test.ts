// Values that are kept elsewhere: how a reference is written, what it stands for, and what is told when it fails.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readReference, resolveReferences } from '../../../lib/config/references.ts'
import { GreenprintError } from '../../../lib/errors.ts'

const signal = new AbortController().signal

describe('a reference', () => {
  it('names a secret or a parameter, and perhaps a field of it', () => {
    const arn = 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:tokens-AbCdEf'
    for (const [value, by, name, field] of [
      ['aws-secret:greenprint/api-tokens', 'secrets', 'greenprint/api-tokens', null],
      [' aws-secret:keys#w3up \n', 'secrets', 'keys', 'w3up'],
      [`aws-secret:${arn}`, 'secrets', arn, null],
      ['ssm:/greenprint/watch', 'parameters', '/greenprint/watch', null],
      ['ssm:/a/b.c_d-e#one field', 'parameters', '/a/b.c_d-e', 'one field'],
    ] as const) {
      assert.deepEqual(readReference(value), { by, name, field }, value)
    }
  })

  it('is nothing else', () => {
    for (const value of [
      '',
      'https://ssm:/x',
      'http://ssm:9000/x',
      'my-ssm:x',
      'arn:aws:sns:x',
      'none',
    ]) {
      assert.equal(readReference(value), null, value)
    }
    for (const value of [
      'aws-secret:',
      // As tokens, each would be a name that is no secret.
      'ssm:greenprint-tokens',
      'ssm:arn:aws:ssm:eu-central-1:123456789012:parameter/tokens',
      'AWS-SECRET:greenprint/api-tokens',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:tokens-AbCdEf',
      'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/tokens',
      'ci:0123456789abcdef aws-secret:greenprint/api-tokens',
      'ci:0123456789abcdef,ssm:/greenprint/tokens',
      'ci:ssm:/greenprint/tokens/ci',
      'ci:aws-secret:greenprint/ci',
      '"ssm:/greenprint/tokens"',
      'https://gateway.example|Authorization: aws-secret:gateway',
      'aws-secret:a b',
      'aws-secret:a,aws-secret:b',
      'aws-secret:a#',
      'aws-secret:a#b#c',
      'ssm:/',
      'ssm:/a//b',
      'ssm:/a b',
    ]) {
      assert.equal(readReference(value), undefined, value)
    }
  })
})

describe('the environment', () => {
  const kept: Readonly<Record<string, string>> = {
    tokens: 'ann:0123456789abcdef',
    keys: '{"one": "Mg1", "two": "", "three": 3}',
  }
  const asked: string[] = []
  const read = async (by: string, name: string) => {
    asked.push(`${by} ${name}`)
    const text = kept[name]
    if (text === undefined) throw new Error('there is none')
    return text
  }
  const resolve = (given: Readonly<Record<string, string>>) =>
    resolveReferences(given, read, signal)

  it('has what they stand for, each name read once', async () => {
    asked.length = 0
    const given = {
      API_TOKENS: 'aws-secret:tokens',
      W3UP_KEY: 'aws-secret:keys#one',
      PSA_TOKEN: 'aws-secret:keys#one',
      PORT: '1',
      OF_OTHERS: 'aws-secret:tokens',
    }
    assert.deepEqual(await resolve(given), {
      ...given,
      API_TOKENS: 'ann:0123456789abcdef',
      W3UP_KEY: 'Mg1',
      PSA_TOKEN: 'Mg1',
    })
    assert.deepEqual(asked.toSorted(), ['secrets keys', 'secrets tokens'])
  })

  it('that cannot be read is told by every variable, with its reference and without a value', async () => {
    const given = {
      API_TOKENS: 'aws-secret:gone',
      W3UP_KEY: 'aws-secret:keys#two',
      W3UP_PROOF: 'aws-secret:keys#three',
      PINATA_JWT: 'aws-secret:keys#four',
      PSA_TOKEN: 'aws-secret:tokens#x',
      RECEIPT_KEY: 'ssm:/bad//path',
    }
    await assert.rejects(resolve(given), (error) => {
      assert.ok(error instanceof GreenprintError)
      assert.equal(error.code, 'invalid_configuration')
      assert.deepEqual(error.details, [
        'API_TOKENS: aws-secret:gone could not be read: there is none.',
        'PINATA_JWT: aws-secret:keys#four could not be read: it has no text under "four".',
        'PSA_TOKEN: aws-secret:tokens#x could not be read: it is no JSON object, so it has no fields.',
        'RECEIPT_KEY has what begins as a reference, and is none: one is aws-secret:<name> or ssm:/<path>, with #<field> for one text of a JSON object, and stands for the whole value.',
        'W3UP_KEY: aws-secret:keys#two could not be read: it is empty.',
        'W3UP_PROOF: aws-secret:keys#three could not be read: it has no text under "three".',
      ])
      for (const line of error.details) assert.ok(error.message.includes(line))
      return true
    })
  })
})
