// Every way to name content on IPFS, and every way that is refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCid } from '../../../lib/ipld/cid.ts'
import {
  findContentReference,
  formatContentReference,
  parseContentReference,
} from '../../../lib/stac/content-reference.ts'

const V0 = 'QmXyXkdvj7spdfyFTtdq6PGHo7QFK8YcJCQHeJC88CXwHa'
const V1 = 'bafybeia6jghdb5mzukv6kws6zfqyx66664zvkgji3jnej3toin54v53qma'
/** The same content as V1, in base36. */
const BASE36 = 'k2jmtxs4aawj473u9p62d0qoikvemdt1e48p1jv4stsbkxosghwp30ww'
/** And in the bases that people use less. */
const BYTES = Buffer.from(parseCid(V1).bytes)
const BASE16 = `f${BYTES.toString('hex')}`
const BASE64URL = `u${BYTES.toString('base64url')}`
const PIECE = 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq'
const IPNS_KEY = 'k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8'

describe('parseContentReference', () => {
  const accepted: [text: string, cid: string, path: string][] = [
    [`ipfs://${V0}`, V0, ''],
    [`ipfs://${V1}`, V1, ''],
    [`IPFS://${V0}`, V0, ''],
    [`ipfs:${V1}`, V1, ''],
    [`ipfs://${V0}/`, V0, ''],
    [`dweb:/ipfs/${V1}/B4.TIF`, V1, 'B4.TIF'],
    [`dweb://ipfs/${V1}`, V1, ''],
    [`web+ipfs://${V1}/B4.TIF`, V1, 'B4.TIF'],
    [`ipfs/${V1}/B4.TIF`, V1, 'B4.TIF'],
    [`/vsicurl/https://ipfs.io/ipfs/${V1}`, V1, ''],
    [`https://example.org/gw/ipfs/${V1}/B4.TIF`, V1, 'B4.TIF'],
    [`http://127.0.0.1:5001/api/v0/cat?arg=${V1}`, V1, ''],
    [`http://127.0.0.1:5001/api/v0/cat?progress=false&arg=%2Fipfs%2F${V1}%2Fa%20b`, V1, 'a b'],
    [`ipfs://${V0}/scene/100%.tif`, V0, 'scene/100%.tif'],
    [`ipfs://${V0}/scene/B4.TIF`, V0, 'scene/B4.TIF'],
    [`ipfs://${V0}/scene/`, V0, 'scene'],
    [`ipfs://ipfs/${V0}`, V0, ''],
    [`ipfs://ipfs/${V0}/B4.TIF`, V0, 'B4.TIF'],
    [`ipfs://${V0}/B4.TIF?filename=x.tif#page`, V0, 'B4.TIF'],
    [`ipfs://${V0}/my%20scene/a%2520b`, V0, 'my scene/a%20b'],
    [`/ipfs/${V0}/B4.TIF`, V0, 'B4.TIF'],
    [V0, V0, ''],
    [V1, V1, ''],
    [`  ${V1}\n`, V1, ''],
    [`${V1}/B4.TIF`, V1, 'B4.TIF'],
    [BASE36, V1, ''],
    [V1.toUpperCase(), V1, ''],
    [BASE16, V1, ''],
    [`ipfs://${BASE16.toUpperCase()}/B4.TIF`, V1, 'B4.TIF'],
    [`/ipfs/${BASE64URL}/B4.TIF`, V1, 'B4.TIF'],
    [BASE64URL, V1, ''],
    [`https://ipfs.io/ipfs/${V1}`, V1, ''],
    [`https://ipfs.io/ipfs/${V0}/a/B4.TIF?download=true`, V0, 'a/B4.TIF'],
    [`http://127.0.0.1:8080/ipfs/${V0}/`, V0, ''],
    [`https://gateway.ipfs.io/ipfs/${V0}`, V0, ''],
    [`https://${V1}.ipfs.dweb.link`, V1, ''],
    [`https://${V1}.ipfs.dweb.link/B4.TIF`, V1, 'B4.TIF'],
    [`https://${V1.toUpperCase()}.IPFS.localhost:8080/ipfs/B4.TIF#x`, V1, 'ipfs/B4.TIF'],
    [`https://${BASE36}.ipfs.dweb.link/`, V1, ''],
    [`https://user:secret@gw.example/ipfs/${V1}/a`, V1, 'a'],
    [`https://user:secret@${V1}.ipfs.gw.example/a`, V1, 'a'],
  ]
  for (const [text, cid, path] of accepted) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseContentReference(text), { cid, path })
    })
  }

  const refused: [text: string, reason: RegExp][] = [
    ['', /names no IPFS content/],
    ['B4.TIF', /names no IPFS content/],
    ['https://example.com/B4.TIF', /names no IPFS content/],
    ['https://example.com/data/ipfs/B4.TIF', /names no IPFS content/],
    [`web+ipns://${IPNS_KEY}`, /is an IPNS name/],
    ['s3://usgs-landsat/B4.TIF', /names no IPFS content/],
    ['ipfs://', /has no CID/],
    ['https://ipfs.io/ipfs/', /has no CID/],
    ['ipfs://example.com/B4.TIF', /"example.com" is not a CID/],
    ['https://ipfs.io/ipfs/latest', /"latest" is not a CID/],
    [`ipfs://${V0.toLowerCase()}`, /lower-cased.*case-sensitive/],
    [`ipns://${IPNS_KEY}`, /is an IPNS name.*Give the ipfs:/],
    ['ipns://scenes.example.com/B4.TIF', /is an IPNS name/],
    ['/ipns/scenes.example.com', /is an IPNS name/],
    ['ipfs://ipns/scenes.example.com', /is an IPNS name/],
    ['https://ipfs.io/ipns/scenes.example.com/B4.TIF', /is an IPNS name/],
    ['https://scenes-example-com.ipns.dweb.link/B4.TIF', /is an IPNS name/],
    [`https://${IPNS_KEY}.ipns.dweb.link`, /is an IPNS name/],
    [`ipfs://${IPNS_KEY}`, /is an IPNS name/],
    [PIECE, /Filecoin piece CID/],
    [`ipfs://${PIECE}`, /Filecoin piece CID/],
    [`https://dweb.link/ipfs/${PIECE}`, /Filecoin piece CID/],
    [`https://${PIECE}.ipfs.dweb.link/`, /Filecoin piece CID/],
    ['fil://f01234/567', /Filecoin deal or piece/],
    ['bafkrcfaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /multihash 0x11 \(sha1\)/],
    [`ipfs://${V0}/../other`, /"\.\." segment/],
    [`ipfs://${V0}/a/./b`, /segment/],
    [`ipfs://${V0}/a//b`, /empty/],
    [`ipfs://${V0}//`, /empty/],
    [`ipfs://${V0}/%2e%2e/other`, /"\.\." segment/],
    [`https://ipfs.io/ipfs/${V0}/../../other`, /"\.\." segment/],
    [`https://ipfs.io/ipfs/${V0}/a%2Fb`, /slash inside/],
    [`ipfs://${V0}/a%00b`, /segment/],
  ]
  for (const [text, reason] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 80))}`, () => {
      assert.throws(() => parseContentReference(text), { code: 'asset_unusable', message: reason })
    })
  }
})

describe('findContentReference', () => {
  for (const text of [
    'https://landsatlook.usgs.gov/data/B4.TIF',
    's3://usgs-landsat/B4.TIF',
    './B4.TIF',
    'https://docs.ipfs.tech/concepts',
    'https://example.com/mirror/ipfs.tif',
  ]) {
    it(`is silent on ${text}`, () => assert.equal(findContentReference(text), null))
  }
})

describe('formatContentReference', () => {
  for (const path of ['', 'B4.TIF', 'my scene/a%20b?c#d', 'ø/100%']) {
    it(`is read back unchanged: ${JSON.stringify(path)}`, () => {
      const reference = { cid: V1, path }
      assert.deepEqual(parseContentReference(formatContentReference(reference)), reference)
    })
  }

  it('writes an ipfs address', () => {
    assert.equal(formatContentReference({ cid: V0, path: '' }), `ipfs://${V0}`)
    assert.equal(formatContentReference({ cid: V0, path: 'a b/c' }), `ipfs://${V0}/a%20b/c`)
  })
})
