// IPNS records signed here with a key of our own: what is right, and everything that is wrong with one.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { parseIpnsName, verifyIpnsRecord } from '../../../lib/ipld/ipns-record.ts'
import { bytesField, makeIpnsKey, type RecordShape, signRecord } from '../../harness/ipns.ts'

const text = (value: string) => new TextEncoder().encode(value)
const now = Date.UTC(2026, 10, 26)
const own = makeIpnsKey()
const { publicKey: key } = own
const digest = createDigest(0x00, Uint8Array.of(0x08, 0x01, 0x12, 0x20, ...key))
const cid = CID.createV1(0x72, digest)
const name = parseIpnsName(own.name)

const said = {
  Value: text('/ipfs/bafkqaaa/red.tif'),
  Validity: text('2026-11-28T00:00:00.123456789Z'),
  ValidityType: 0,
  Sequence: 7,
  TTL: 3_600_000_000_000,
}

function record(shape: Partial<RecordShape> = {}, by = own): Uint8Array {
  return signRecord(by, { data: said, value: said.Value, ...shape })
}

describe('a name', () => {
  it('is of an Ed25519 key, in any multibase or as a peer id', () => {
    const peer = base58btc.encode(digest.bytes).slice(1)
    assert.match(peer, /^12D3Koo/)
    for (const spelling of [cid.toString(), cid.toString(base58btc), peer])
      assert.equal(parseIpnsName(spelling).text, name.text)
    assert.match(name.text, /^k51/)
    assert.deepEqual(Buffer.from(name.key), key)
  })

  for (const other of [
    'scenes.example.com',
    '',
    'QmXyXkdvj7spdfyFTtdq6PGHo7QFK8YcJCQHeJC88CXwHa',
    'bafkqaaa',
    '12D3KooW',
    CID.createV1(0x72, createDigest(0x00, Uint8Array.of(8, 2, 18, 33, ...key, 0))).toString(base36),
  ]) {
    it(`of another kind is refused: ${other.slice(0, 24)}`, () => {
      assert.throws(() => parseIpnsName(other), { code: 'asset_unusable', message: /Ed25519/ })
    })
  }
})

describe('a record', () => {
  it('that is signed and still valid says what its owner said', async () => {
    assert.deepEqual(await verifyIpnsRecord(name, record(), now), {
      value: '/ipfs/bafkqaaa/red.tif',
      sequence: 7n,
      validity: '2026-11-28T00:00:00.123456789Z',
    })
  })

  it('may count up to 2^64', async () => {
    const Sequence = 2n ** 64n - 1n
    // The field of version 1, ten bytes long.
    const sequence = [(5 << 3) | 0, ...Array.from({ length: 9 }, () => 0xff), 0x01]
    const bytes = Buffer.concat([
      Uint8Array.from(sequence),
      record({ data: { ...said, Sequence } }),
    ])
    assert.equal((await verifyIpnsRecord(name, bytes, now)).sequence, Sequence)
  })

  const flipped = record().slice()
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1
  const rows: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['of another key', record({}, makeIpnsKey()), /not signed by/],
    ['with a byte flipped', flipped, /not signed by|is not a signed record/],
    ['signed for something else', record({ prefix: '' }), /not signed by/],
    [
      'that is over',
      record({ data: { ...said, Validity: text('2026-11-25T00:00:00Z') } }),
      /was valid until/,
    ],
    [
      'without an end',
      record({ data: { ...said, Validity: text('soon') } }),
      /no valid end of validity/,
    ],
    [
      'of another kind of validity',
      record({ data: { ...said, ValidityType: 1 } }),
      /cannot be read/,
    ],
    ['without a sequence', record({ data: { ...said, Sequence: 'seven' } }), /cannot be read/],
    ['that says two things', record({ value: text('/ipfs/bafkqaab') }), /two different things/],
    ['of version 1', bytesField(1, said.Value), /not a signed record of version 2/],
    ['that ends in a number', Uint8Array.of(5 << 3, 0xff, 0xff), /not a signed record/],
    ['of nothing', new Uint8Array(0), /not a signed record of version 2/],
    ['of noise', Uint8Array.from({ length: 300 }, (_, at) => (at * 97) % 256), /signed record/],
    ['of more than 10 KiB', new Uint8Array(10_241), /has 10241 bytes/],
  ]
  for (const [what, bytes, words] of rows) {
    it(`${what} is refused`, async () => {
      const refused = { code: 'content_unusable', message: words }
      await assert.rejects(verifyIpnsRecord(name, bytes, now), refused)
    })
  }
})
