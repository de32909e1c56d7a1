// What becomes of each kind of notice: the request it stands for, or the reason why it stands for none.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { USGS_STAC } from '../../../lib/events/catalogue.ts'
import { type Decision, decide } from '../../../lib/events/decision.ts'
import { follow } from '../../../lib/events/follow.ts'
import { MOST_ITEMS } from '../../../lib/events/items.ts'
import type { Message } from '../../../lib/events/message.ts'
import { readNotice } from '../../../lib/events/notice.ts'
import { parseWatch } from '../../../lib/geo/watch-area.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { Order } from '../../../lib/model/order.ts'
import type { Task } from '../../../lib/model/tasks.ts'
import { fixture, item, object, withContent } from '../stac/sample-items.ts'
import { BUCKET, CATALOG, documentsOf, eventOf, inboxOf, printsOf } from './notice-context.ts'

const ROME = 'LC09_L1TP_191031_20220202_20220202_02_T1'
const rome = fixture(`${ROME}_stac.json`)
const usgsOnly = fixture('usgs-LC09_L2SP_092068_20230607_20230609_02_T1_SR.json')
const earthSearch = fixture('earth-search-S2A_29RKH_20200219_0_L2A.json')
const product = (id: string) => ({
  landsat_product_id: id,
  s3_location: `s3://usgs-landsat/${id}/`,
})
const level1Url = (root: string, id: string) => `${root}/collections/landsat-c2l1/items/${id}`
const level2Url = (root: string, id: string) => `${root}/collections/landsat-c2l2-sr/items/${id}_SR`
const L2 = 'LC09_L2SP_092068_20230607_20230609_02_T1'
const CATALOGUED = 'LC09_L2SP_092068_20230607_20230609_02_T2'
const made = (fields: JsonObject = {}) => item({ id: 'made-up', ...fields })

const pages: Readonly<Record<string, JsonObject | Error>> = {
  [level1Url(CATALOG, ROME)]: rome,
  [level2Url(CATALOG, CATALOGUED)]: made({ id: `${CATALOGUED}_SR` }),
  [level2Url(USGS_STAC, L2)]: usgsOnly,
  [level1Url(USGS_STAC, 'LC08_L1TP_001005_20230704_20230717_02_T1')]: made({ id: 'at-usgs' }),
  'https://stac.example/item': made(),
  'https://stac.example/collection': fixture('landsat-c2l1.json'),
  'https://stac.example/none': { type: 'FeatureCollection', features: [] },
  'https://stac.example/items': { type: 'FeatureCollection', features: [made(), rome] },
  'https://stac.example/other': { type: 'FeatureCollection' },
  'https://private.example/item': new GreenprintError(
    'host_refused',
    'private.example is refused.',
  ),
}
const inbox = inboxOf({
  'incoming/item.json': JSON.stringify(made()),
  'incoming/record.json': '{"id":"a result"}',
  'incoming/broken.json': '{"type":',
  'incoming/list.json': '[]',
  'incoming/items.json': collection(made(), { not: 'an item' }, made({ id: 'second' }), rome),
  'incoming/cirrus.json': JSON.stringify({
    id: 'sar-test-panda/workflow-test/payload',
    process: [{ workflow: 'publish', upload_options: {} }],
    ...JSON.parse(collection(made())),
  }),
  'incoming/areas.geojson': collection({ type: 'Feature', geometry: null, properties: {} }),
  'incoming/none.json': collection(),
  'incoming/many.json': collection(...Array.from({ length: MOST_ITEMS + 1 }, () => made())),
})

function collection(...features: readonly JsonObject[]): string {
  return JSON.stringify({ type: 'FeatureCollection', features })
}

interface Told {
  readonly isOwn?: boolean
  readonly noticeDo?: readonly Task[]
  readonly printed?: readonly string[]
}

/** Of each scene that the message announces. */
async function decideAll(
  message: JsonObject | Message,
  attributes: Readonly<Record<string, string>> = {},
  watch: string | null = null,
  { isOwn = false, noticeDo = ['ndvi'], printed = [] }: Told = {},
): Promise<readonly Decision[]> {
  const isObject = message.kind === 'object' && 'bucket' in message
  const read = readNotice(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- told apart by the line above
    isObject ? (message as Message) : { kind: 'body', body: message, attributes, isOwn },
  )
  const context = {
    documents: documentsOf(pages),
    catalogUrl: CATALOG,
    watch: watch === null ? null : parseWatch(watch),
    noticeDo,
    fingerprints: printsOf(...printed),
    inbox,
  }
  const { signal } = new AbortController()
  const notices = await follow(read, context, signal)
  return Promise.all(notices.map((notice) => decide(notice, context, signal)))
}

async function decideOn(...told: Parameters<typeof decideAll>): Promise<Decision> {
  const [only, ...others] = await decideAll(...told)
  assert.ok(only !== undefined && others.length === 0, 'one message, one scene')
  return only
}

const stored = (key: string, bucket = BUCKET): Message => ({
  kind: 'object',
  bucket,
  key,
  version: null,
})
const defaults = {
  scale: 'auto',
  mask: [],
  max_size: 1024,
  colormap_name: 'rdylgn',
  rescale: [-1, 1],
  outputs: ['figure', 'cog', 'item'],
  pin: true,
}

const flat = ({ request, pin }: Order) => ({ ...request, pin })

const requests: readonly (readonly [name: string, message: JsonObject | Message, item: unknown])[] =
  [
    ['a Level-1 product in the catalogue', product(ROME), level1Url(CATALOG, ROME)],
    ['a Level-2 product in the catalogue', product(CATALOGUED), level2Url(CATALOG, CATALOGUED)],
    [
      'a product that only its producer has, with CIDs',
      eventOf('body-usgs-level-1'),
      level1Url(USGS_STAC, 'LC08_L1TP_001005_20230704_20230717_02_T1'),
    ],
    ['a STAC item', rome, rome],
    ['a snippet of id and assets', { id: 'x', assets: made().assets }, undefined],
    ['an ingested item', { record: rome }, rome],
    ['a reference by https', { href: 'https://stac.example/item' }, 'https://stac.example/item'],
    [
      'a reference by s3 into the own bucket',
      { href: `s3://${BUCKET}/incoming/item.json` },
      made(),
    ],
    ['an object in the own bucket', stored('incoming/item.json'), made()],
    ['a payload of Cirrus in the own bucket', stored('incoming/cirrus.json'), made()],
  ]

describe('a request for the whole scene, published, comes of', () => {
  for (const [name, message, expected] of requests) {
    it(name, async () => {
      const decision = await decideOn(message)
      assert.ok('order' in decision, JSON.stringify(decision))
      assert.deepEqual(flat(decision.order), { ...defaults, item: expected ?? message })
    })
  }
})

describe('many items', () => {
  const scenesOf = (decisions: readonly Decision[]) =>
    decisions.map((decision) => ('order' in decision ? decision.order.request.item : decision))

  it('in an object of the own bucket, or at an address, are each an order of its own', async () => {
    const items = [made(), made({ id: 'second' }), rome]
    assert.deepEqual(scenesOf(await decideAll(stored('incoming/items.json'))), items)
    const href = 'https://stac.example/items'
    assert.deepEqual(scenesOf(await decideAll({ href })), [made(), rome])
  })

  it('are as many as one call has the time for', async () => {
    await assert.rejects(decideAll(stored('incoming/many.json')), {
      code: 'item_invalid',
      message: 'The ItemCollection has 501 items; a notice may have at most 500: send several.',
    })
  })
})

describe('a scene without CIDs', () => {
  const RED = 'https://files.example/B4.TIF'
  const NIR = 'https://files.example/B5.TIF'
  const plain = made({ assets: { red: { href: RED }, nir: { href: NIR } } })

  it('opens nobody’s purse: it is filtered, whatever a message says', async () => {
    for (const message of [plain, { record: plain }]) {
      const decision = await decideOn(message)
      assert.ok('filtered' in decision)
      assert.match(decision.filtered, /^no CID: made-up names no content on IPFS/)
    }
    for (const wanted of [['fingerprint'], ['ndvi'], 'anything']) {
      const decision = await decideOn({ item: plain, do: wanted })
      assert.ok('filtered' in decision)
      assert.match(decision.filtered, /"do" is read in direct calls.*NOTICE_DO/)
    }
    for (const trust of [undefined, 'cid', 'fingerprint']) {
      const decision = await decideOn({ item: plain, ...(trust === undefined ? {} : { trust }) })
      assert.ok('order' in decision && decision.order.kind === undefined)
      assert.equal(decision.order.trust, 'cid')
    }
  })

  it('that was fingerprinted here is computed by that', async () => {
    const decision = await decideOn(plain, {}, null, { printed: [RED, NIR] })
    assert.ok('order' in decision && decision.order.kind === undefined)
    assert.equal(decision.order.trust, 'fingerprint')
    const half = await decideOn(plain, {}, null, { printed: [RED] })
    assert.ok('filtered' in half)
  })

  it('is fingerprinted where NOTICE_DO says so, within WATCH', async () => {
    const decision = await decideOn(plain, {}, null, { noticeDo: ['fingerprint'] })
    assert.ok('order' in decision)
    assert.deepEqual(decision.order, {
      kind: 'fingerprint',
      request: { item: plain, profile: 'unixfs-v1-2025' },
      pin: true,
    })
    const far = await decideOn(plain, {}, '170,-10,175,-5', { noticeDo: ['fingerprint'] })
    assert.ok('filtered' in far)
  })

  it('is computed by the job that fingerprints it where both are wanted', async () => {
    const decision = await decideOn(plain, {}, null, { noticeDo: ['fingerprint', 'ndvi'] })
    assert.ok('order' in decision && decision.order.kind === 'fingerprint')
    const [next, ...more] = decision.order.next ?? []
    assert.ok(next !== undefined && more.length === 0)
    assert.deepEqual(flat(next), { ...defaults, item: plain })
    assert.equal(next.trust, 'fingerprint')
  })
})

describe('a direct call', () => {
  const ask = (fields: JsonObject) =>
    decideOn({ item: 'https://stac.example/item', ...fields }, {}, null, { isOwn: true })

  it('says itself what is done', async () => {
    const print = await ask({ do: ['fingerprint'], profile: 'unixfs-v0-2015', pin: false })
    assert.ok('order' in print && print.order.kind === 'fingerprint')
    assert.deepEqual([print.order.pin, print.order.request.profile], [false, 'unixfs-v0-2015'])
    const both = await ask({
      do: ['ndvi', 'fingerprint'],
      mask: ['snow'],
      profile: 'unixfs-v0-2015',
    })
    assert.ok('order' in both && both.order.kind === 'fingerprint')
    assert.deepEqual(both.order.next?.[0]?.request.mask, ['snow'])
    const ndvi = await ask({ do: ['ndvi'] })
    assert.ok('order' in ndvi && ndvi.order.kind === undefined)
    assert.equal(ndvi.order.trust, 'cid')
    const unverified = await ask({ trust: 'transport' })
    assert.ok('order' in unverified && unverified.order.kind === undefined)
    assert.equal(unverified.order.trust, 'transport')
  })

  it('with anything else to be done is refused', async () => {
    for (const wanted of [[], 'ndvi', ['ndvi', 'verify'], null, {}]) {
      await assert.rejects(ask({ do: wanted }), { code: 'invalid_request' })
    }
    await assert.rejects(ask({ do: ['fingerprint'], mask: ['snow'] }), { code: 'invalid_request' })
  })
})

describe('a whole request', () => {
  it('is taken with its fields, and published', async () => {
    const decision = await decideOn(eventOf('body-request'))
    assert.ok('order' in decision)
    assert.deepEqual(flat(decision.order), { ...defaults, ...eventOf('body-request') })
  })

  it('may say that it is not to be published', async () => {
    const decision = await decideOn({ item: 'https://stac.example/item', pin: false })
    assert.ok('order' in decision)
    assert.equal(decision.order.pin, false)
  })

  it('counts wherever it is, WATCH or not', async () => {
    const decision = await decideOn(eventOf('body-request'), {}, '100,0,101,1')
    assert.ok('order' in decision)
  })

  it('with a fault is refused, field by field', async () => {
    await assert.rejects(
      async () => decideOn({ item: 'https://stac.example/item', max_size: 0 }),
      /max_size/,
    )
  })
})

const RT = product('LC09_L1TP_191031_20220202_20220202_02_RT')
const thermalOnly = withContent(
  made({ assets: { lwir11: object(made().assets)['red'] ?? null } }),
  {},
)
const filtered: readonly (readonly [
  name: string,
  message: JsonObject | Message,
  reason: RegExp,
  attributes?: Readonly<Record<string, string>>,
])[] = [
  ['a real-time product', RT, /^real-time tier: LC09_.*_RT will be announced again/],
  [
    'an item of the real-time tier',
    made({ properties: { 'landsat:collection_category': 'RT' } }),
    /^real-time tier/,
  ],
  ['an item with a real-time id', made({ id: 'LC08_L2SP_1_02_RT_SR' }), /^real-time tier/],
  [
    'a tile of analysis-ready data',
    product('LC08_CU_028010_20230101_20230110_02_SR'),
    /^no scene: .* is not the id of a Landsat scene/,
  ],
  [
    'a Collection 1 product',
    product('LC08_L1TP_001005_20190704_20190717_01_T1'),
    /^no item: .* to Collection 1/,
  ],
  [
    'a product of the thermal sensor',
    product('LT08_L1GT_001005_20190704_20190717_02_T2'),
    /thermal sensor alone/,
  ],
  [
    'a product of another level',
    product('LC08_L2ST_001005_20190704_20190717_02_T2'),
    /of level L2ST/,
  ],
  ['a product whose item has no CIDs', product(L2), /^no CID: LC09_L2SP_092068/],
  [
    'a product that nobody has yet',
    product('LC09_L1TP_001001_20230607_20230609_02_T1'),
    /^no item: no catalogue has LC09_L1TP_001001.* yet/,
  ],
  ['an item of Earth Search', earthSearch, /^no CID: S2A_29RKH/],
  ['an item of another sensor', thermalOnly, /^cannot be used: .*no asset for red/],
  ['a failed ingest', eventOf('body-ingest-failed'), /^failed ingest: .*mapper_parsing_exception/],
  ['an ingest failed by attribute', { record: rome }, /^failed ingest/, { ingestStatus: 'failed' }],
  ['an ingested collection', eventOf('body-ingested-collection'), /^no scene: a STAC Collection/],
  ['an archived item', eventOf('body-archived'), /^archived/, { action: 'archived' }],
  ['an archived item by its own word', { ...rome, action: 'archived' }, /^archived/],
  ['a new Sentinel-2 product', eventOf('body-sentinel-2-product'), /^no CID: a new Sentinel-2/],
  ['a granule of CMR', eventOf('body-cmr-granule'), /^no CID: a granule of NASA CMR/],
  ['a reference to a collection', { href: 'https://stac.example/collection' }, /a STAC Collection/],
  [
    'a reference to a host that is refused',
    { href: 'https://private.example/item' },
    /^refused: private\.example/,
  ],
  ['a reference into another bucket', { href: 's3://usgs-landsat/a.json' }, /^another bucket: s3:/],
  ['an object in another bucket', stored('a.json', 'other'), /^another bucket: s3:\/\/other\/a/],
  [
    'a tile of Sentinel-2',
    { path: 'tiles/10/S/DG/2024/1/1/0', utmZone: 10, latitudeBand: 'S', gridSquare: 'DG' },
    /^no CID: a new Sentinel-2 tile/,
  ],
  ['an object of another sort', stored('incoming/picture.png'), /not named \.json/],
  ['an object that is gone', stored('incoming/gone.json'), /is no longer there/],
  ['an object with other JSON', stored('incoming/record.json'), /is JSON, but not a STAC item/],
  ['an object with areas', stored('incoming/areas.geojson'), /areas.geojson is a FeatureColl/],
  ['an object of no items', stored('incoming/none.json'), /without STAC items/],
  ['a reference to no items', { href: 'https://stac.example/none' }, /without STAC items/],
  ['an object with a list', stored('incoming/list.json'), /is JSON, but not a STAC item/],
]

describe('filtered, with its reason, is', () => {
  for (const [name, message, reason, attributes] of filtered) {
    it(name, async () => {
      const decision = await decideOn(message, attributes)
      assert.ok('filtered' in decision, JSON.stringify(decision).slice(0, 300))
      assert.match(decision.filtered, reason)
    })
  }
})

const unreadable: readonly (readonly [
  name: string,
  message: JsonObject | Message,
  fault: RegExp,
])[] = [
  ['an object of unknown fields', { hello: 'world' }, /it has the fields hello/],
  ['an empty object', {}, /it has no field/],
  [
    'a product id that is no text',
    { landsat_product_id: 17 },
    /landsat_product_id is not a string/,
  ],
  ['a record that is nothing', { record: null }, /record is not a STAC Item/],
  ['a collection of features', { type: 'FeatureCollection', features: [] }, /is not a notice/],
  ['a reference to nowhere', { href: 'ftp://a.example' }, /not an https:, ipfs: or s3:/],
  ['a reference to nothing', { href: 'https://stac.example/nothing' }, /HTTP 404/],
  ['a reference to what is no item', { href: 'https://stac.example/other' }, /FeatureCollection/],
  ['an item without an id', { ...rome, id: '' }, /has no id/],
  ['an object that is cut off', stored('incoming/broken.json'), /is not JSON/],
]

describe('it is a fault to send', () => {
  for (const [name, message, fault] of unreadable) {
    it(name, async () => {
      await assert.rejects(
        async () => decideOn(message),
        (error) => {
          assert.ok(error instanceof GreenprintError, String(error))
          assert.match(error.message, fault)
          return true
        },
      )
    })
  }
})

describe('with WATCH', () => {
  const fiji = [178.5, -18, -179.5, -16]
  const rows: readonly (readonly [
    name: string,
    watch: string,
    fields: JsonObject,
    runs: boolean,
  ])[] = [
    ['a scene inside', '9,49,12,52', {}, true],
    ['a scene that is touched', '10.9,50.9,12,52', {}, true],
    ['a scene outside', '20,50,21,51', {}, false],
    ['one of two boxes', '20,50,21,51; 9,49,12,52', {}, true],
    ['a box over the antimeridian, for a scene over it', '177,-20,-178,-15', { bbox: fiji }, true],
    ['a box east of the antimeridian', '-179.8,-17,-179.6,-16.5', { bbox: fiji }, true],
    ['a box on the other side of the globe', '-10,-20,10,-15', { bbox: fiji }, false],
    ['a scene without a place', '-180,-90,180,90', { bbox: null }, false],
  ]
  for (const [name, watch, fields, runs] of rows) {
    it(`${name}: ${runs ? 'computed' : 'filtered'}`, async () => {
      const decision = await decideOn(made(fields), {}, watch)
      if (runs) assert.ok('order' in decision)
      else assert.match('filtered' in decision ? decision.filtered : '', /^not watched: made-up /)
    })
  }

  it('the geometry counts, not its box', async () => {
    // The box of the real scene reaches further than its tilted outline: its corner holds no pixel.
    const [west = 0, south = 0] = Array.isArray(rome.bbox) ? rome.bbox.map(Number) : []
    const corner = [west, south, west + 0.05, south + 0.05].join(',')
    const decision = await decideOn(rome, {}, corner)
    assert.match('filtered' in decision ? decision.filtered : '', /^not watched/)
  })
})
