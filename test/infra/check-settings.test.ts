// Settings that are refused before anything is made: secrets in plain text, and environments that Lambda would refuse.

import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'node:test'
import { counts } from '../../infra/settings.ts'
import { documentAt } from '../harness/markdown.ts'
import { everything, secrets } from './settings.ts'
import { root } from './sst-cli.ts'

let checkSettings: () => void
const untouched = { ...process.env }

before(async () => {
  // What SST puts there.
  Object.assign(globalThis, { $app: { stage: 'test' } })
  // By a path of its own: the types of SST are not those of this file.
  ;({ checkSettings } = await import(`${root}infra/check-settings.ts`))
})
afterEach(() => {
  for (const name of Object.keys(process.env)) {
    if (!(name in untouched)) Reflect.deleteProperty(process.env, name)
  }
})

function check(settings: Readonly<Record<string, string>>): void {
  Object.assign(process.env, settings)
  checkSettings()
}

describe('a secret', () => {
  it('is deployed by reference', () => {
    check({ ...everything, ...secrets })
  })

  it('in plain text is refused, with what to do, and is not repeated', () => {
    const plain = {
      API_TOKENS: 'ann:0123456789abcdef',
      PSA_TOKEN: 'of-psa-0123456789',
      IPFS_GATEWAYS: 'https://g.example|Authorization: Bearer 0123456789abcdef',
    }
    assert.throws(
      () => check(plain),
      (error) => {
        assert.ok(error instanceof RangeError)
        for (const [name, kept] of [
          ['API_TOKENS', 'api-tokens'],
          ['PSA_TOKEN', 'psa-token'],
          ['IPFS_GATEWAYS', 'ipfs-gateways'],
        ] as const) {
          assert.match(error.message, new RegExp(`^${name} is a secret`, 'm'))
          assert.ok(error.message.includes(`--name greenprint/test/${kept} `))
          assert.ok(error.message.includes(`set ${name}=aws-secret:greenprint/test/${kept}.`))
        }
        assert.doesNotMatch(error.message, /0123456789/)
        return true
      },
    )
  })

  it('that an earlier version had SST keep is not passed over', () => {
    assert.throws(
      () => check({ SST_SECRET_ApiTokens: 'ann:0123456789abcdef' }),
      /^RangeError: ApiTokens is a secret.*set API_TOKENS=aws-secret:/s,
    )
    check({ API_TOKENS: secrets.API_TOKENS })
  })

  it('by a reference that names nothing is refused', () => {
    assert.throws(
      () => check({ API_TOKENS: 'aws-secret:' }),
      /API_TOKENS has what begins as a reference/,
    )
  })
})

describe('gateways without headers', () => {
  it('are no secret', () => {
    check({ IPFS_GATEWAYS: 'https://one.example https://two.example' })
  })
})

describe('an environment', () => {
  it('that is larger than Lambda takes is refused, with its largest variables', () => {
    const large = {
      WATCH: `-60,-4,-59,-3;`.repeat(220),
      ALLOWED_HOSTS: 'items.example '.repeat(90),
    }
    assert.throws(
      () => check(large),
      /^RangeError: The environment of Notify would have about 5\d{3} bytes, and Lambda takes 4096\. Its largest variables: WATCH \(3080\), ALLOWED_HOSTS \(1260\).*set WATCH=ssm:/,
    )
    check({ ...large, WATCH: 'ssm:/greenprint/watch' })
  })
})

describe('a setting that would stop the deployment half-way, or a function ever after,', () => {
  const faulty: Readonly<Record<string, readonly string[]>> = {
    API_RATE: ['0', 'ten'],
    API_BURST: ['-1'],
    API_CONCURRENCY: ['1.5'],
    JOBS_AT_ONCE: ['many'],
    WAF_RATE: ['1e3'],
    BUDGET_USD: ['USD 50', '0', '5,50'],
    SCHEDULE: ['daily', '1 day'],
    SCHEDULE_EVENT: ['{"search":', '[]', '{"period":"P1D"}'],
    NOTICE_TOPICS: ['public-c2-notify-v2', 'arn:aws:sqs:us-west-2:673253540267:queue'],
    CLOUDFRONT: ['yes'],
    KMS_KEY_ARN: ['alias/greenprint'],
  }
  for (const [name, values] of Object.entries(faulty)) {
    it(`is refused by its name: ${name}`, () => {
      for (const value of values) {
        assert.throws(() => check({ [name]: value }), new RegExp(`^RangeError: ${name} `), value)
      }
    })
  }
})

describe('a variable that every function would refuse', () => {
  it('is refused before one is made, in the words of the function', () => {
    const faulty: Readonly<Record<string, RegExp>> = {
      MAX_PIXELS: /^RangeError: MAX_PIXELS must be a whole number/,
      COMPUTE: /^RangeError: COMPUTE /,
      STAC_API_URL: /^RangeError: STAC_API_URL must be an https: URL/,
      WATCH: /^RangeError: WATCH /,
      PUBLISHERS: /PUBLISHERS/,
    }
    for (const [name, words] of Object.entries(faulty)) {
      assert.throws(() => check({ [name]: 'http://10.0.0.5' }), words, name)
      Reflect.deleteProperty(process.env, name)
    }
    const { W3UP_KEY, W3UP_PROOF } = secrets
    assert.throws(() => check({ PUBLISHERS: 'w3up', W3UP_KEY, W3UP_PROOF }), /W3UP_URL|W3UP_DID/)
  })

  it('is the function’s own to read where it is kept elsewhere, with what depends on its value', () => {
    check({ WATCH: 'ssm:/greenprint/watch', STAC_API_URL: 'ssm:/greenprint/stac' })
    check({ IPFS_GATEWAYS: 'ssm:/greenprint/gateways', PUBLISHERS: 'ssm:/greenprint/publishers' })
    check({ PRIVATE_HOSTS: 'ssm:/greenprint/hosts', STAC_API_URL: 'http://10.0.0.5' })
  })

  it('is refused beside one that is kept elsewhere, which its fault may name', () => {
    const { W3UP_KEY, W3UP_PROOF, PSA_TOKEN } = { ...secrets, PSA_TOKEN: 'ssm:/greenprint/psa' }
    const faulty: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ MAX_PIXELS: 'ssm:/greenprint/most', MAX_PIXELS_SYNC: 'many' }, /MAX_PIXELS_SYNC must/],
      [{ WATCH: 'ssm:/greenprint/watch', COMPUTE: 'WATCH' }, /COMPUTE must/],
      [{ W3UP_KEY, W3UP_PROOF, PUBLISHERS: 's3' }, /w3up needs W3UP_URL, W3UP_DID too/],
      [{ PSA_TOKEN, PUBLISHERS: 'psa' }, /PUBLISHERS must name one of/],
    ]
    for (const [settings, words] of faulty) {
      assert.throws(() => check(settings), words)
      for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name)
    }
  })
})

describe('what a stage is told', () => {
  it('counts as the document says where it is told nothing', () => {
    const { text } = documentAt('docs/deploy.md')
    for (const [name, fallback] of Object.entries(counts)) {
      assert.match(text, new RegExp(`\`${name}\` \\(${fallback ?? 'none'}\\)`), name)
    }
  })
})

describe('a domain', () => {
  it('has a certificate of where its name is known', () => {
    const { API_DOMAIN, API_CERTIFICATE } = everything
    for (const half of [{ API_DOMAIN }, { API_CERTIFICATE }]) {
      assert.throws(() => check(half), /API_DOMAIN.*API_CERTIFICATE.*are set together/)
      for (const name of Object.keys(half)) Reflect.deleteProperty(process.env, name)
    }
    assert.throws(() => check({ API_DOMAIN, API_CERTIFICATE }), /in us-west-2\) are set together/)
    const here = API_CERTIFICATE.replace('us-east-1', 'us-west-2')
    check({ API_DOMAIN, API_CERTIFICATE: here })
    for (const name of ['example', 'https://example.org', 'example.org/ndvi', 'a b.org']) {
      assert.throws(() => check({ API_DOMAIN: name, API_CERTIFICATE: here }), RangeError, name)
    }
  })
})

describe('a network', () => {
  it('has subnets and security groups', () => {
    const { VPC_SUBNETS, VPC_SECURITY_GROUPS } = everything
    for (const half of [{ VPC_SUBNETS }, { VPC_SECURITY_GROUPS }]) {
      assert.throws(() => check(half), /VPC_SUBNETS.*VPC_SECURITY_GROUPS.*are set together/)
      for (const name of Object.keys(half)) Reflect.deleteProperty(process.env, name)
    }
    assert.throws(() => check({ VPC_SUBNETS: 'vpc-0a', VPC_SECURITY_GROUPS }), /subnet-…/)
  })
})
