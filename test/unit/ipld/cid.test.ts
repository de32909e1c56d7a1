// Content ids: which are accepted, which block they name, and what a checksum says of a file.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  blockKey,
  DAG_PB,
  fileChecksum,
  inlineContent,
  isCid,
  matchesCid,
  parseCid,
  RAW,
  startFileChecksum,
} from '../../../lib/ipld/cid.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

/** The CID of an empty directory and of the text "hello\n", as kubo prints them. */
const emptyDirectory = {
  v0: 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn',
  v1: 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354',
  base36: 'k2jmtxsmvwkrf0fqj1vt1nvb8k1znqvgl6zlhmcvo6pzkojnxdgz3pyo',
  base58: 'zdj7WbTaiJT1fgatdet9Ei9iDB5hdCxkbVyhyh8YTUnXMiwYi',
}
const hello = new TextEncoder().encode('hello\n')
const helloCid = 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am'
const helloInline = 'bafkqabtimvwgy3yk'

const isRefused = (words: RegExp) => ({ code: 'asset_unusable', message: words })

describe('a CID is read', () => {
  it('in version 0 and 1, and written back as it came', () => {
    assert.equal(parseCid(emptyDirectory.v0).version, 0)
    assert.equal(parseCid(emptyDirectory.v1).version, 1)
    for (const text of [emptyDirectory.v0, emptyDirectory.v1, helloCid, helloInline]) {
      assert.equal(parseCid(text).toString(), text)
      assert.ok(isCid(text))
    }
  })

  it('with its codec', () => {
    assert.equal(parseCid(emptyDirectory.v0).code, DAG_PB)
    assert.equal(parseCid(emptyDirectory.v1).code, DAG_PB)
    assert.equal(parseCid(helloCid).code, RAW)
  })

  it('of any codec, whatever its first letters', () => {
    // json (0x0200) begins with baga, as piece CIDs do.
    const block = new TextEncoder().encode('{}')
    for (const [codec, start] of [
      [0x0200, 'baga'],
      [0x0129, 'bagu'],
      [0x71, 'bafy'],
    ] as const) {
      const cid = cidOfBlock(codec, block)
      assert.ok(cid.toString().startsWith(start))
      assert.equal(parseCid(cid.toString()).code, codec)
    }
  })
})

describe('a CID is refused in words', () => {
  const rows = [
    ['nothing', '', /"" is not a CID/],
    ['a word', 'manaus', /"manaus" is not a CID/],
    ['one letter too few', emptyDirectory.v0.slice(0, -1), /is not a CID/],
    ['a letter that base32 has not', helloCid.replace('icys', '1cys'), /is not a CID/],
    ['lower-cased version 0', emptyDirectory.v0.toLowerCase(), /is not a CID/],
    ['with a path', `${helloCid}/a.tif`, /is not a CID/],
    ['with space around', ` ${helloCid}`, /is not a CID/],
    [
      'a piece CID',
      'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
      /is a Filecoin piece CID: .*Give the content CID/,
    ],
    [
      'a piece CID of version 2',
      'bafkzcibcaapao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
      /multihash 0x1011 \(sha2-256-trunc254-padded\); only sha2-256, sha2-512, blake3 and/,
    ],
    ['blake2b-256', rawCid(0xa0, 0xe4, 0x02, 1, 0), /multihash 0xb220 \(blake2b-256\); only/],
    ['a hash without a name', rawCid(0x55, 1, 0), /uses multihash 0x55; only sha2-256/],
    ['sha2-256 cut to 20 bytes', shortCid(), /has a sha2-256 digest of 20 bytes/],
    ['sha2-512 cut to 32 bytes', rawCid(0x13, 32, ...new Uint8Array(32)), /digest of 32 bytes/],
    ['blake3 cut to 16 bytes', rawCid(0x1e, 16, ...new Uint8Array(16)), /digest of 16 bytes/],
    ['129 bytes in itself', rawCid(0, 0x81, 1, ...new Uint8Array(129)), /has at most 128/],
    ['version 0 with a prefix', `z${emptyDirectory.v0}`, /is not a CID/],
  ] as const
  for (const [name, text, words] of rows) {
    it(name, () => {
      assert.throws(() => parseCid(text), isRefused(words))
      assert.equal(isCid(text), false)
    })
  }

  it('clipped, when it is very long', () => {
    assert.throws(
      () => parseCid('x'.repeat(10_000)),
      (error: Error) => error.message.length < 120,
    )
  })
})

/** CIDv1, raw, over a given multihash. */
function rawCid(...multihash: readonly number[]): string {
  return `b${base32(Uint8Array.of(1, RAW, ...multihash))}`
}

function shortCid(): string {
  return rawCid(0x12, 20, ...createHash('sha256').update(hello).digest().subarray(0, 20))
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => letters[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

describe('a block has one key', () => {
  it('by CIDv0, by CIDv1 and by every codec', () => {
    const key = blockKey(parseCid(emptyDirectory.v0))
    assert.equal(blockKey(parseCid(emptyDirectory.v1)), key)
    assert.equal(blockKey(cidOfBlock(RAW, hello)), blockKey(cidOfBlock(DAG_PB, hello)))
    assert.notEqual(blockKey(cidOfBlock(RAW, hello)), key)
  })

  it('that is a file name', () => {
    assert.match(blockKey(parseCid(emptyDirectory.v0)), /^[a-z2-7]+$/)
  })
})

describe('bytes are matched with a CID', () => {
  it('by sha2-256, as kubo names them', () => {
    assert.equal(cidOfBlock(RAW, hello).toString(), helloCid)
    assert.ok(matchesCid(parseCid(helloCid), hello))
    assert.ok(!matchesCid(parseCid(helloCid), hello.subarray(1)))
    assert.ok(!matchesCid(parseCid(helloCid), new Uint8Array(0)))
  })

  it('by sha2-512 and by blake3 of any length', () => {
    const sha512 = parseCid(rawCid(0x13, 64, ...createHash('sha512').update(hello).digest()))
    // Of no bytes, https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors/test_vectors.json
    const hex =
      'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262e00f03e7b69af26b7faaf09fcd333050'
    const digest = Buffer.from(hex, 'hex')
    assert.ok(matchesCid(sha512, hello))
    assert.ok(!matchesCid(sha512, hello.subarray(1)))
    for (const length of [20, 32, 48]) {
      const cid = parseCid(rawCid(0x1e, length, ...digest.subarray(0, length)))
      assert.ok(matchesCid(cid, new Uint8Array(0)))
      assert.ok(!matchesCid(cid, hello))
    }
  })

  it('by what an identity CID carries', () => {
    const cid = parseCid(helloInline)
    assert.deepEqual(inlineContent(cid), hello)
    assert.ok(matchesCid(cid, hello))
    assert.ok(!matchesCid(cid, hello.subarray(1)))
    assert.equal(inlineContent(parseCid(helloCid)), null)
  })
})

describe('the checksum of a file', () => {
  const sha256 = `1220${createHash('sha256').update(hello).digest('hex')}`
  const sha512 = `1340${createHash('sha512').update(hello).digest('hex')}`
  const md5 = createHash('md5').update(hello).digest('hex')

  it('is written as a multihash of sha2-256, whatever the pieces', async () => {
    assert.equal(await fileChecksum([hello]), sha256)
    assert.equal(await fileChecksum([hello.subarray(0, 3), hello.subarray(3)]), sha256)
    assert.match(await fileChecksum([hello]), /^12205891b5b522d5df086d0ff0b110fb/)
  })

  const rows = [
    ['verified', 'sha2-256', sha256],
    ['verified', 'sha2-256 in capitals', sha256.toUpperCase()],
    ['verified', 'sha2-512', sha512],
    ['mismatch', 'sha2-256 of something else', `1220${'0'.repeat(64)}`],
    ['mismatch', 'sha2-512 of something else', `1340${'0'.repeat(128)}`],
    ['unusable', 'a bare md5', md5],
    ['unusable', 'an md5 multihash', `d50110${md5}`],
    ['unusable', 'a bare sha2-256', sha256.slice(4)],
    ['unusable', 'sha2-256 one digit short', sha256.slice(0, -1)],
    ['unusable', 'sha2-256 one digit long', `${sha256}0`],
    ['unusable', 'sha2-512 with the length of sha2-256', `1340${'0'.repeat(64)}`],
    ['unusable', 'letters that are no digits', `1220${'g'.repeat(64)}`],
    ['unusable', 'nothing', ''],
  ] as const
  for (const [verdict, name, checksum] of rows) {
    it(`is ${verdict}: ${name}`, () => {
      assert.equal(checkWhole(checksum, hello), verdict)
    })
  }
})

function checkWhole(checksum: string, file: Uint8Array): string {
  const check = startFileChecksum(checksum)
  check?.update(file.subarray(0, 2))
  check?.update(file.subarray(2))
  return check?.verdict() ?? 'unusable'
}
