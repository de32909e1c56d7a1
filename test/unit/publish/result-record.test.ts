// Records of results and publications, as they are written now and as 0.1 wrote them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJointResult } from '../../../lib/publish/joint-record.ts'
import { readPublicationRecord, readResult } from '../../../lib/publish/result-record.ts'

const band = { cid: 'bafy', size: 5, bytes_read: 5, blocks: 1, requests: 1, sources: {} }
const resultWith = (producer_checksum: unknown) => ({
  root: 'bafyroot',
  statistics: {},
  proof: { software: 'greenprint 0.1.0', bands: { red: { ...band, producer_checksum } } },
})

describe('the checksum of a band in a record', () => {
  const notRead = { status: 'not_read', reason: 'only parts of the file were read' }
  const unsupported = {
    status: 'unsupported',
    reason: 'its file:checksum is not a sha2-256 or sha2-512 multihash',
  }
  const cases = [
    ['verified', { status: 'verified' }],
    ['mismatch', { status: 'mismatch' }],
    ['none given', { status: 'absent' }],
    ['not checked (range)', notRead],
    ['unusable', unsupported],
    [
      { status: 'verified', algorithm: 'sha2-512' },
      { status: 'verified', algorithm: 'sha2-512' },
    ],
    [notRead, notRead],
    [{ status: 'absent' }, { status: 'absent' }],
  ] as const
  for (const [written, read] of cases) {
    it(`(${JSON.stringify(written)}) is ${read.status}`, () => {
      const { proof } = resultWith(read)
      const trusted = {
        ...proof,
        trust: 'cid',
        bands: { red: { ...proof.bands.red, trust: 'cid' } },
      }
      assert.deepEqual(readResult(resultWith(written)), { ...resultWith(read), proof: trusted })
    })
  }

  it('is looked for in results only', () => {
    for (const record of [null, 'x', 5, {}, { root: 'bafyroot' }]) {
      assert.equal(readResult(record), null)
    }
  })
})

describe('a publication in a record', () => {
  const href = 's3://maps/ndvi/bafyroot/'
  const cases = [
    [
      { service: 's3', ok: true, held: true, cid: 'bafyroot', href },
      { service: 's3', status: 'held', cid: 'bafyroot', href },
    ],
    [
      { service: 'w3up', ok: true, held: false, cid: 'bafyroot', reason: 'it is not listed' },
      { service: 'w3up', status: 'unproven', cid: 'bafyroot', reason: 'it is not listed' },
    ],
    [
      { service: 'w3up', ok: false, held: false, reason: 'HTTP 500' },
      { service: 'w3up', status: 'failed', reason: 'HTTP 500' },
    ],
  ] as const
  for (const [written, read] of cases) {
    it(`of 0.1 is ${read.status}`, () => {
      assert.deepEqual(readPublicationRecord({ publications: [written] })?.publications, [read])
    })
    it(`that is ${read.status} stays as it is`, () => {
      assert.deepEqual(readPublicationRecord({ publications: [read] })?.publications, [read])
    })
  }

  it('is looked for in publications only', () => {
    for (const record of [null, [], 'x', { root: 'bafyroot' }]) {
      assert.equal(readPublicationRecord(record), null)
    }
  })
})

describe('the record of a result of several scenes', () => {
  it('has the warnings of its pixels, which 0.4.0 wrote among its facts alone', () => {
    const facts = { warnings: ['one pixel in 3'], scenes: {} }
    const written = { root: 'bafyroot', scenes: {}, proof: {}, warnings: [], facts }
    assert.deepEqual(readJointResult(written)?.warnings, facts.warnings)
    const now = { ...written, warnings: facts.warnings }
    assert.deepEqual(readJointResult(now)?.warnings, facts.warnings)
    assert.equal(readJointResult({ root: 'bafyroot' }), null)
  })
})
