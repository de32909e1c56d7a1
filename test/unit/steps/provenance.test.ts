// What the proof says of the producer's own checksum: only what was really checked, and nothing is fetched to check it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { fileChecksum } from '../../../lib/ipld/cid.ts'
import type { OpenBand } from '../../../lib/steps/open-bands.ts'
import { provenanceOf } from '../../../lib/steps/provenance.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { recorded } from '../../harness/dags.ts'
import { cogOf, sceneFile } from '../../harness/scenes.ts'

const signal = new AbortController().signal
/** Pieces of 8 MiB are hashed one after the other: here, two and a part. */
const bytes = noise(20_000_000)
const memory = new MemoryBlocks()
const cid = await memory.add(bytes)
const cog = await cogOf(await sceneFile('l8-c2l2-southaustralia-098084', 'red'))

const sha512 = (file: Uint8Array) => `1340${createHash('sha512').update(file).digest('hex')}`

/** A band of which these bytes were read, and the source that they came from. */
async function openBand(key: string, checksum: string | undefined, length: number) {
  const source = recorded(memory, 'https://gateway.example')
  const network = new BlockRace([source], systemClock)
  const blocks = createBlocks({ own: [], network, cacheBytes: 40_000_000 })
  const reading = new ReadSession()
  const file = await openFile(cid, blocks, reading, signal)
  await file.readAll([{ offset: 0, length }], signal)
  const content = { cid: cid.toString(), path: '' }
  const asset = {
    key,
    band: null,
    content,
    mirrors: [],
    ...(checksum === undefined ? {} : { checksum }),
  }
  const unchanged = Promise.resolve()
  const opened = { trust: 'cid', file, reading, record: null, unchanged, copies: [] } as const
  const band: OpenBand = { asset, cog, ...opened }
  return { band, reading, source }
}

async function prove(checksum: string | undefined, length = bytes.length) {
  const { band, source } = await openBand('red', checksum, length)
  const { band: nir } = await openBand('nir08', undefined, 10)
  const asked = source.asked.length
  const { bands, warnings } = await provenanceOf(
    { red: band, nir, qa: null },
    { properties: {} },
    signal,
  )
  assert.equal(source.asked.length, asked, 'nothing was fetched for the proof')
  assert.deepEqual(Object.keys(bands), ['red', 'nir'])
  return { checksum: bands['red']?.producer_checksum, warnings }
}

const right = await fileChecksum([bytes])
const wrong = await fileChecksum([noise(100)])

describe('the checksum of a file that was read whole', () => {
  const cases: readonly (readonly [string, string | undefined, status: string])[] = [
    ['sha2-256', right, 'verified'],
    ['sha2-512', sha512(bytes), 'verified'],
    ['sha2-256 in capitals', right.toUpperCase(), 'verified'],
    ['sha2-256 of another file', wrong, 'mismatch'],
    ['sha2-512 of another file', sha512(noise(100)), 'mismatch'],
    ['a hash without its multihash prefix', right.slice(4), 'unsupported'],
    ['md5', 'd50110d41d8cd98f00b204e9800998ecf8427e', 'unsupported'],
    ['sha2-256 cut short', right.slice(0, -2), 'unsupported'],
    ['sha2-512 under the prefix of sha2-256', `1220${sha512(bytes).slice(4)}`, 'unsupported'],
    ['nothing', '', 'unsupported'],
    ['none', undefined, 'absent'],
  ]
  for (const [name, checksum, status] of cases) {
    it(`(${name}) is ${status}`, async () => {
      const proof = await prove(checksum)
      assert.equal(proof.checksum?.status, status)
      const words =
        'the file of asset "red" is what its CID names, but not what its file:checksum names: the catalogue contradicts itself'
      assert.deepEqual(proof.warnings, status === 'mismatch' ? [words] : [])
    })
  }
})

describe('the checksum of a file of which a part was read', () => {
  for (const [name, checksum] of [
    ['right', right],
    ['wrong', wrong],
  ] as const) {
    it(`is not checked, be it ${name}`, async () => {
      const proof = await prove(checksum, bytes.length - 262_144)
      const reason = 'only parts of the file were read'
      assert.deepEqual(proof, { checksum: { status: 'not_read', reason }, warnings: [] })
    })
  }
})

describe('the proof of a band', () => {
  it('counts what its reading cost, and not what the checksum read again', async () => {
    const { band, reading } = await openBand('red', right, bytes.length)
    const before = reading.ledger.totals
    const { bands } = await provenanceOf(
      { red: band, nir: band, qa: band },
      { properties: {} },
      signal,
    )
    assert.deepEqual(Object.keys(bands), ['red', 'nir', 'qa'])
    assert.deepEqual(bands['red'], {
      trust: 'cid',
      cid: cid.toString(),
      size: bytes.length,
      ...before,
      producer_checksum: { status: 'verified', algorithm: 'sha2-256' },
    })
    // The root and 77 leaves of 256 KiB.
    assert.equal(before.blocks, 78)
    assert.deepEqual(before.sources, { 'https://gateway.example': 78 })
  })

  it('stops when its reader leaves', async () => {
    const { band } = await openBand('red', right, bytes.length)
    const gone = AbortSignal.abort(new Error('had enough'))
    await assert.rejects(
      provenanceOf({ red: band, nir: band, qa: null }, { properties: {} }, gone),
      /had enough/,
    )
  })
})
