// Every real document of test/fixtures/stac: which assets and CIDs are read, which radiometry rule fires, which error
// comes.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import type { Scene } from '../../../lib/model/scene.ts'
import { chooseRadiometry } from '../../../lib/products/radiometry.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { CID_V1, fixture, NIR_CID, QA_CID, RED_CID, withContent } from './sample-items.ts'

const L1TOA = { scale: 2e-5, offset: -0.1 }
const L2SR = { scale: 2.75e-5, offset: -0.2 }
const LANDSAT_QA =
  'fill 0/1, dilated 1/1, cirrus 2/1, cloud 3/1, shadow 4/1, snow 5/1, clear 6/1, water 7/1, '

interface Expected {
  readonly red: string
  readonly nir: string
  readonly qa: string | null
  readonly family: Scene['product']['family']
  readonly applied: string
  readonly scale: { scale: number; offset: number }
  readonly reason: RegExp
  readonly warnings: number
}

const landsatLevel1 = (red: string, nir: string, qa: string): Expected => ({
  red: `red ${red}`,
  nir: `nir08 ${nir}`,
  qa: `qa_pixel landsat-c2 ${qa}`,
  family: 'landsat',
  applied: 'l1toa',
  scale: L1TOA,
  reason: /Landsat 8\/9 OLI Level-1 \(L1TP\)/,
  warnings: 0,
})

const readable: Record<string, Expected> = {
  'LC09_L1TP_004069_20220628_20220629_02_T1_stac.json': landsatLevel1(
    'QmXGwfHFidpT6Nwbnou657exDV3hsKaAV749WuVHQuhmTf',
    'Qmax7wQinEsDK26AYEDxqY8dqMat7xMj3TBumMu9Wovsqb',
    'QmdooHcxYMCJ4qedXqtwYtRYmiFf8NZmEo8V4niffFxtNZ',
  ),
  'LC09_L1TP_015033_20221015_20221015_02_T1_stac.json': landsatLevel1(
    'QmTgttqUf7PvZgdSoe71j3njeEKk1hC3h22n2sQmety3To',
    'QmZkWaKSuVhFKtAwNbxSogcT6hXHMksXjhgqLu6AXHSUKq',
    'QmcuKdjro3ANtUpE8TNUJko1EtUBgjccMo4d6ARyJ7nSXS',
  ),
  'LC09_L1TP_191031_20220202_20220202_02_T1_stac.json': landsatLevel1(
    'QmXyXkdvj7spdfyFTtdq6PGHo7QFK8YcJCQHeJC88CXwHa',
    'QmcD4krqqBEN2KCtdebeUP9VQXjKxu9mJbDo8retBjbDEV',
    'QmeikAYMT21RWatYC5NktTH1Zop6hmPt3XWkXo8MLJnzc5',
  ),
  'LC09_L1TP_217076_20220429_20220429_02_T1_stac.json': landsatLevel1(
    'QmaRuJTn5mVb35FYsJt9md4mrFUT4BQPR47QszzVfwVxqY',
    'QmWf3pSqKPGEMhe6mJkXkX1uvd5vfEXpqetTLqqqvkw7z3',
    'QmVJQc8RCsCAVw1QckFXmpD4vFY936uS3EJPoZDj6E25YC',
  ),
  'dgeo-item.json': {
    red: 'red bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    nir: 'nir bafybeic2zycyt36xnkbvbzqbrmhb3jndcylvqywb4zfqn7i6kcsjjl62ka',
    qa: null,
    family: 'landsat',
    applied: 'l2sr',
    scale: L2SR,
    reason: /surface reflectance \(L2SP\)/,
    warnings: 0,
  },
  'sample_stac_web3_snippet.json': {
    red: 'red QmW92gTf58bXsFrE9jJLgNLmLoB46f7jKtJc4yKPq3vm4v',
    nir: 'nir08 QmVijFyBjCSDHBBh2jKgFTBc5NG5DU5ZVmzqjJkwmyAWpK',
    qa: 'qa_pixel landsat-c2 QmRtciFJLQNrTq3vDnTbNVCzR9JyX9nHKsddC6sW8zUvcZ',
    family: 'landsat',
    applied: 'l2sr',
    scale: L2SR,
    reason: /surface reflectance \(L2SP\)/,
    warnings: 1,
  },
}

/** Items without CIDs: refused as they are, and what they say of their bands once CIDs are added. */
const enriched: Record<
  string,
  Expected & {
    readonly keys: readonly [string, string, string]
    readonly href: string
    readonly nodata: number
  }
> = {
  'usgs-LC09_L2SP_092068_20230607_20230609_02_T1_SR.json': {
    keys: ['red', 'nir08', 'qa_pixel'],
    href: 'https://landsatlook.usgs.gov/data/collection02/level-2/',
    nodata: Number.NaN,
    red: `red ${RED_CID}`,
    nir: `nir08 ${NIR_CID}`,
    qa: `qa_pixel landsat-c2 ${QA_CID}`,
    family: 'landsat',
    applied: 'l2sr',
    scale: L2SR,
    reason: /surface reflectance \(L2SP\)/,
    warnings: 0,
  },
  'planetary-computer-LC09_L2SP_010065_20220129_02_T1.json': {
    keys: ['red', 'nir08', 'qa_pixel'],
    href: '../../../tests/data-files/',
    nodata: 0,
    red: `red ${RED_CID}`,
    nir: `nir08 ${NIR_CID}`,
    qa: `qa_pixel landsat-c2 ${QA_CID}`,
    family: 'landsat',
    applied: 'stac',
    scale: L2SR,
    reason: /Both bands carry a scale/,
    warnings: 0,
  },
  'stac-1.1-LC08_L2SP_047027_20201204_02_T1.json': {
    keys: ['red', 'nir08', 'qa_pixel'],
    href: 'LC08_L2SP_047027_20201204_20210313_02_T1_SR_B4.TIF',
    nodata: 0,
    red: `red ${RED_CID}`,
    nir: `nir08 ${NIR_CID}`,
    qa: `qa_pixel landsat-c2 ${QA_CID}`,
    family: 'landsat',
    applied: 'stac',
    scale: L2SR,
    reason: /Both bands carry a scale/,
    warnings: 0,
  },
  'earth-search-S2A_29RKH_20200219_0_L2A.json': {
    keys: ['red', 'nir', 'scl'],
    href: 'https://sentinel-cogs.s3.us-west-2.amazonaws.com/',
    nodata: 0,
    red: `red ${RED_CID}`,
    nir: `nir ${NIR_CID}`,
    qa: `scl sentinel-2-scl ${QA_CID}`,
    family: 'sentinel-2',
    applied: 'stac',
    scale: { scale: 1e-4, offset: 0 },
    reason: /Both bands carry a scale/,
    warnings: 0,
  },
  'hls-L30-T19LDD.json': {
    keys: ['red', 'nir_narrow', 'fmask'],
    href: 'https://ai4epublictestdata.blob.core.windows.net/',
    nodata: -9999,
    red: `red ${RED_CID}`,
    nir: `nir_narrow ${NIR_CID}`,
    qa: `fmask hls-fmask ${QA_CID}`,
    family: 'hls',
    applied: 'stac',
    scale: { scale: 1e-4, offset: 0 },
    reason: /Both bands carry a scale/,
    warnings: 0,
  },
}

const notItems: Record<string, RegExp> = {
  'landsat-c2l1.json': /STAC Collection "landsat-c2l1", not an Item/,
  'search-response-earth-search.json': /without "assets"/,
}

function check(source: JsonObject, expected: Expected): Scene {
  const scene = readScene(readItem(source, null))
  assert.equal(`${scene.red.key} ${scene.red.content?.cid}`, expected.red)
  assert.equal(`${scene.nir.key} ${scene.nir.content?.cid}`, expected.nir)
  const { qa } = scene
  assert.equal(qa && `${qa.key} ${qa.layout} ${qa.content?.cid}`, expected.qa)
  assert.equal(qa === null, scene.qaUnavailable !== undefined)
  assert.equal(scene.product.family, expected.family)
  const { rule: radiometry, warnings } = chooseRadiometry(scene, 'auto')
  assert.equal(radiometry.applied, expected.applied)
  assert.deepEqual([radiometry.red, radiometry.nir], [expected.scale, expected.scale])
  assert.match(radiometry.reason, expected.reason)
  assert.equal([...scene.warnings, ...warnings].length, expected.warnings)
  return scene
}

describe('the real documents', () => {
  it('are all named here', () => {
    const present = readdirSync(new URL('../../fixtures/stac/', import.meta.url))
    const named = [...Object.keys(readable), ...Object.keys(enriched), ...Object.keys(notItems)]
    const own = ['README.md', 'derived-item.json']
    assert.deepEqual(present.toSorted(), [...named, ...own].toSorted())
  })

  for (const [name, expected] of Object.entries(readable)) {
    it(`${name} is read`, () => {
      check(fixture(name), expected)
    })
  }

  for (const [name, { keys, href, nodata, ...expected }] of Object.entries(enriched)) {
    it(`${name} is read by its plain copies where its addresses lead anywhere`, () => {
      const item = readItem(fixture(name), null)
      if (!href.startsWith('https:')) {
        assert.throws(() => readScene(item), {
          code: 'asset_unusable',
          message:
            /has neither an IPFS CID nor a plain copy at an https: or s3: address \(its href is /,
        })
        return
      }
      const { red, nir } = readScene(item)
      assert.deepEqual([red.content, nir.content], [null, null])
      assert.ok(red.mirrors[0]?.startsWith(href), red.mirrors.join(' '))
      assert.ok(nir.mirrors.length > 0)
    })

    it(`${name} is read once CIDs are added`, () => {
      const cids = { [keys[0]]: RED_CID, [keys[1]]: NIR_CID, [keys[2]]: QA_CID }
      const scene = check(withContent(fixture(name), cids), expected)
      assert.deepEqual(
        [scene.red.nodata ?? Number.NaN, scene.nir.nodata ?? Number.NaN],
        [nodata, nodata],
      )
    })
  }

  for (const [name, message] of Object.entries(notItems)) {
    it(`${name} is refused`, () => {
      assert.throws(() => readItem(fixture(name), null), { code: 'item_invalid', message })
    })
  }
})

const read = (name: string, cids: Record<string, string> = {}) =>
  readScene(readItem(withContent(fixture(name), cids), null))
const fields = (scene: Scene) =>
  scene.qa?.bitfields?.map(({ name, offset, length }) => `${name} ${offset}/${length}`).join(', ')

describe('details of the real documents', () => {
  it('the checksum of the producer is kept as written', () => {
    const { red, nir } = read('LC09_L1TP_191031_20220202_20220202_02_T1_stac.json')
    assert.match(red.checksum ?? '', /^13404d95803fd909c098c9b41674ee28[0-9a-f]{100}$/)
    assert.match(nir.checksum ?? '', /^1340169930fe79d96c3a7f8a19775aab[0-9a-f]{100}$/)
    assert.equal(read('LC09_L1TP_004069_20220628_20220629_02_T1_stac.json').red.checksum, undefined)
  })

  it('bit fields are found on the asset and in raster:bands', () => {
    const onAsset = fields(read('LC09_L1TP_015033_20221015_20221015_02_T1_stac.json'))
    assert.ok(onAsset?.startsWith(LANDSAT_QA))
    const cids = { red: RED_CID, nir08: NIR_CID, qa_pixel: QA_CID }
    const inBand = fields(read('stac-1.1-LC08_L2SP_047027_20201204_02_T1.json', cids))
    assert.ok(inBand?.startsWith(LANDSAT_QA))
    const hls = { red: RED_CID, nir_narrow: NIR_CID, fmask: QA_CID }
    assert.match(fields(read('hls-L30-T19LDD.json', hls)) ?? '', /^cloud 1\/1/)
  })

  it('the snippet has neither time nor place, and its quality band no bit fields', () => {
    const scene = read('sample_stac_web3_snippet.json')
    assert.deepEqual(
      [scene.datetime, scene.bbox, scene.platform, scene.href, scene.qa?.bitfields],
      [null, null, null, null, []],
    )
  })

  it('a quality band that nothing can be read of is told, not thrown', () => {
    const item = fixture('earth-search-S2A_29RKH_20200219_0_L2A.json')
    const assets = isJsonObject(item.assets) ? item.assets : {}
    const source = { ...item, assets: { ...assets, scl: { href: 'ftp://nowhere/SCL.tif' } } }
    const scene = readScene(readItem(source, null))
    assert.equal(scene.qa, null)
    assert.match(
      scene.qaUnavailable ?? '',
      /^Asset "scl" of item S2A_29RKH_20200219_0_L2A has neither an IPFS CID nor a plain copy/,
    )
  })

  it('JPEG 2000 and true-colour assets are not taken for bands', () => {
    const { red, nir } = read('earth-search-S2A_29RKH_20200219_0_L2A.json', {
      red: RED_CID,
      nir: NIR_CID,
      'red-jp2': CID_V1,
      'nir-jp2': CID_V1,
      visual: CID_V1,
    })
    assert.deepEqual([red.content?.cid, nir.content?.cid], [RED_CID, NIR_CID])
  })
})
