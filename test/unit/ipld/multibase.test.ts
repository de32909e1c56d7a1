// One CID in every multibase: spellings of the multibase test vectors' tables, made by node:buffer where it can.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { decodeCidText } from '../../../lib/ipld/multibase.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

const cid = cidOfBlock(RAW, new TextEncoder().encode('hello'))
const bytes = Buffer.from(cid.bytes)
const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')

const spellings: Readonly<Record<string, string>> = {
  base2: `0${bits}`,
  base16: `f${bytes.toString('hex')}`,
  base16upper: `F${bytes.toString('hex').toUpperCase()}`,
  base32: cid.toString(),
  base32upper: cid.toString().toUpperCase(),
  base32pad: `c${cid.toString().slice(1)}${'='.repeat((8 - ((cid.toString().length - 1) % 8)) % 8)}`,
  base36: `k${BigInt(`0x${bytes.toString('hex')}`).toString(36)}`,
  base36upper: `K${BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .toUpperCase()}`,
  base64: `m${bytes.toString('base64').replaceAll('=', '')}`,
  base64pad: `M${bytes.toString('base64')}`,
  base64url: `u${bytes.toString('base64url')}`,
  base10: `9${BigInt(`0x${bytes.toString('hex')}`).toString()}`,
}

describe('one CID', () => {
  for (const [name, text] of Object.entries(spellings)) {
    it(`in ${name} comes out in its own spelling`, () => {
      assert.equal(parseCid(text).toString(), cid.toString())
    })
  }

  it('is not found in letters of another base, or in very many letters', () => {
    for (const text of ['', 'f', 'f0', 'fzz', '~abc', 'mabc*', `z${'1'.repeat(100_000)}`]) {
      const started = performance.now()
      assert.throws(() => decodeCidText(text), Error, text.slice(0, 10))
      assert.ok(performance.now() - started < 1_000)
    }
  })
})
