// The shapes in which publishers attach content to an asset (A to G of the survey), and which of several wins.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { contentOf } from '../../../lib/stac/asset-content.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { CID_V1, item, NIR_CID, RED_CID } from './sample-items.ts'

const HTTPS = 'https://landsatlook.usgs.gov/data/B4.TIF'
const S3 = { href: 's3://usgs-landsat/B4.TIF', 'storage:requester_pays': true }
const PIECE = 'baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq'
const IPNS = 'ipns://scenes.example.com/B4.TIF'

function read(fields: JsonObject, href: string | null = null): ReturnType<typeof contentOf> {
  const [asset] = readItem(item({ assets: { red: fields } }), href).assets
  assert.ok(asset)
  return contentOf(asset)
}

describe('contentOf', () => {
  const shapes: [name: string, fields: JsonObject, cid: string, path?: string][] = [
    [
      'A: s3 in lower case, IPFS in upper case',
      { href: HTTPS, alternate: { s3: S3, IPFS: { href: `ipfs://${RED_CID}` } } },
      RED_CID,
    ],
    [
      'B: capital S3',
      { href: HTTPS, alternate: { S3, IPFS: { href: `ipfs://${RED_CID}` } } },
      RED_CID,
    ],
    [
      'C: gateway URLs, Filecoin beside it',
      {
        href: HTTPS,
        alternate: {
          Filecoin: { href: `https://ipfs.io/ipfs/${RED_CID}` },
          IPFS: { href: `https://ipfs.io/ipfs/${CID_V1}`, type: 'application/vnd.ipld.raw' },
        },
      },
      CID_V1,
    ],
    [
      'D: both schemes',
      {
        href: HTTPS,
        alternate: { Filecoin: { href: `fil://${RED_CID}` }, IPFS: { href: `ipfs://${CID_V1}` } },
      },
      CID_V1,
    ],
    ['E: a bare string', { href: HTTPS, alternate: { IPFS: RED_CID } }, RED_CID],
    [
      'F: lower case',
      {
        href: HTTPS,
        alternate: { ipfs: { href: `ipfs://${RED_CID}` }, filecoin: { href: 'fil://1' } },
      },
      RED_CID,
    ],
    ['G: dgeo:cid', { href: HTTPS, 'dgeo:cid': CID_V1 }, CID_V1],
    ['G: dgeo with a gateway as main href', { href: `https://dweb.link/ipfs/${CID_V1}` }, CID_V1],
    ['G: dgeo with ipfs as main href', { href: `ipfs://${CID_V1}/B4.TIF` }, CID_V1, 'B4.TIF'],
    ['mixed case', { href: HTTPS, alternate: { iPfS: { href: RED_CID } } }, RED_CID],
    [
      'an alternate by any other name',
      { href: HTTPS, alternate: { pinata: { href: `https://gw.example/ipfs/${RED_CID}/B4.TIF` } } },
      RED_CID,
      'B4.TIF',
    ],
    ['a bare CID as main href', { href: RED_CID }, RED_CID],
    ['no main href at all', { alternate: { IPFS: { href: `ipfs://${RED_CID}` } } }, RED_CID],
  ]
  for (const [name, fields, cid, path = ''] of shapes) {
    it(`reads shape ${name}`, () => {
      assert.deepEqual(read(fields), { content: { cid, path }, refused: [] })
    })
  }

  const order: [winner: string, fields: JsonObject, cid: string][] = [
    [
      'dgeo:cid before alternate.IPFS',
      { 'dgeo:cid': RED_CID, alternate: { IPFS: { href: NIR_CID } } },
      RED_CID,
    ],
    [
      'alternate.IPFS before other alternates',
      { alternate: { gateway: { href: NIR_CID }, IPFS: { href: RED_CID } } },
      RED_CID,
    ],
    [
      'alternate.ipfs in any letter case before other alternates',
      { alternate: { gateway: { href: NIR_CID }, Ipfs: { href: RED_CID } } },
      RED_CID,
    ],
    [
      'other alternates before the main href',
      { href: `ipfs://${NIR_CID}`, alternate: { gateway: { href: RED_CID } } },
      RED_CID,
    ],
  ]
  for (const [name, fields, cid] of order) {
    it(`takes ${name}`, () => assert.equal(read(fields).content?.cid, cid))
  }

  const fallbacks: [name: string, fields: JsonObject][] = [
    ['IPNS', { href: `ipfs://${RED_CID}`, alternate: { IPFS: { href: IPNS } } }],
    ['a piece CID', { 'dgeo:cid': PIECE, alternate: { IPFS: { href: `ipfs://${RED_CID}` } } }],
    ['an alternate without href', { href: RED_CID, alternate: { IPFS: { title: 'soon' } } }],
    [
      'an https address under the key IPFS',
      { href: RED_CID, alternate: { IPFS: { href: HTTPS } } },
    ],
  ]
  for (const [name, fields] of fallbacks) {
    it(`passes over ${name} where something usable is left`, () => {
      const { content, refused } = read(fields)
      assert.equal(content?.cid, RED_CID)
      assert.equal(refused.length, 1)
    })
  }

  it('never takes Filecoin for content, whatever its address looks like', () => {
    const alternate = { Filecoin: { href: `ipfs://${RED_CID}` }, filecoin: RED_CID }
    assert.deepEqual(read({ href: HTTPS, alternate }), { content: null, refused: [] })
  })

  it('tells place, reference and reason of every refusal', () => {
    const { content, refused } = read({
      'dgeo:cid': PIECE,
      href: 'fil://1/2',
      alternate: { IPFS: { href: IPNS } },
    })
    assert.equal(content, null)
    assert.match(refused[0] ?? '', /^dgeo:cid: baga6ea\S+ is a Filecoin piece CID/)
    assert.match(
      refused[1] ?? '',
      /^alternate\.IPFS: "ipns:\/\/scenes\.example\.com\/B4\.TIF" is an IPNS name/,
    )
    assert.match(refused[2] ?? '', /^href: "fil:\/\/1\/2" names a Filecoin deal/)
  })

  const relative: [base: string, href: string, path: string][] = [
    [`ipfs://${RED_CID}/item.json`, './B4.TIF', 'B4.TIF'],
    [`ipfs://${RED_CID}/scene/item.json`, '../red/B4.TIF', 'red/B4.TIF'],
    [`https://ipfs.io/ipfs/${RED_CID}/item.json`, 'B4.TIF', 'B4.TIF'],
  ]
  for (const [base, href, path] of relative) {
    it(`finds ${href} beside ${base}`, () => {
      assert.deepEqual(read({ href }, base).content, { cid: RED_CID, path })
    })
  }
})
