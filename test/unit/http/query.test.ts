// What a caller may ask for, as a JSON body and as a query string: defaults, faults and spellings.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { readNdviQuery } from '../../../lib/http/query.ts'
import { colormapNames } from '../../../lib/model/colormap.ts'
import { scaleModes } from '../../../lib/model/radiometry.ts'
import { outputKinds } from '../../../lib/model/request.ts'
import { type AskedNdvi, readNdviBody } from '../../../lib/request/read.ts'

const item = 'https://stac.example/items/1'
const defaults = {
  scale: 'auto',
  mask: [],
  max_size: 1024,
  colormap_name: 'rdylgn',
  rescale: [-1, 1],
  outputs: ['figure', 'cog', 'item'],
  pin: undefined,
}

const flat = ({ request, pin }: AskedNdvi) => ({ ...request, pin })
const readBody = (body: unknown) => flat(readNdviBody(body))
const query = (text: string) => flat(readNdviQuery(new URLSearchParams(text)))

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'invalid_request')
    return error.details.length > 0 ? error.details : [error.message]
  }
  throw new assert.AssertionError({ message: 'nothing was refused' })
}

describe('a request that names only', () => {
  it('an item by its address has every default', () => {
    assert.deepEqual(readBody({ item }), { ...defaults, item })
    assert.deepEqual(query(`item=${encodeURIComponent(item)}`), { ...defaults, item })
  })

  it('an item itself keeps it as it came', () => {
    const given = { type: 'Feature', id: 'x', deep: [{ a: null, b: 1.5, c: [true] }] }
    assert.deepEqual(readBody({ item: given }), { ...defaults, item: given })
  })

  it('a search has no fields that were not given', () => {
    assert.deepEqual(readBody({ search: {} }), { ...defaults, search: {} })
    const search = {
      api: 'https://stac.example/v1',
      collections: ['a'],
      ids: ['b'],
      bbox: [1, 2, 3, 4],
      intersects: { type: 'Point', coordinates: [1, 2] },
      datetime: '2020-01-01/..',
      query: { 'eo:cloud_cover': { lt: 10 } },
      filter: 'a = 1',
      limit: 5,
    }
    assert.deepEqual(readBody({ search }), { ...defaults, search })
    const filtered = { filter: { op: '=', args: [{ property: 'a' }, 1] } }
    assert.deepEqual(readBody({ search: filtered }), { ...defaults, search: filtered })
  })

  it('a search as it is copied from elsewhere', () => {
    const pasted = {
      collections: 'a, b',
      ids: 'c',
      bbox: null,
      intersects: null,
      filter: 'x = 1',
      'filter-lang': 'cql2-text',
      sortby: [{ field: 'datetime', direction: 'desc' }],
      fields: { include: ['id'] },
      limit: 5,
    }
    const { bbox: _bbox, intersects: _intersects, fields: _fields, ...kept } = pasted
    const search = { ...kept, collections: ['a', 'b'], ids: ['c'] }
    assert.deepEqual(readBody({ search: pasted }), { ...defaults, search })
    const feature = {
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: [1, 2] },
    }
    const around = readBody({ search: { intersects: feature, bbox: [1, 2, 0, 3, 4, 9] } })
    assert.deepEqual(around.search, { intersects: feature.geometry, bbox: [1, 2, 3, 4] })
  })
})

describe('a request that says everything', () => {
  const everything = {
    item,
    bbox: [-60.1, -3.2, -59.9, -3.0],
    scale: 'l2sr',
    mask: [],
    max_size: 'full',
    colormap_name: 'viridis',
    rescale: [0, 0.8],
    outputs: ['item'],
    pin: false,
  }

  it('is read from a body', () => {
    assert.deepEqual(readBody(everything), everything)
  })

  it('is read from a query string: lists by comma', () => {
    const text = `item=${item}&bbox=-60.1,-3.2,-59.9,-3.0&scale=l2sr&mask=&max_size=full&colormap_name=viridis&rescale=0,0.8&outputs=item&pin=false&f=png`
    assert.deepEqual(query(text), everything)
  })

  it('is read from a query string: lists and objects as JSON', () => {
    const parameters = new URLSearchParams({
      search: '{"ids":["a"],"bbox":[1,2,3,4]}',
      bbox: '[-60.1, -3.2, -59.9, -3]',
      outputs: '["figure","cog","item"]',
      pin: 'true',
    })
    assert.deepEqual(flat(readNdviQuery(parameters)), {
      ...defaults,
      search: { ids: ['a'], bbox: [1, 2, 3, 4] },
      bbox: [-60.1, -3.2, -59.9, -3],
      pin: true,
    })
    const inline = query('item={"id":"x"}')
    assert.deepEqual(inline.item, { id: 'x' })
  })
})

describe('outputs where none are named', () => {
  it('have the numbers themselves up to 1,024 pixels, by the request alone', () => {
    for (const max_size of [1, 1024]) {
      assert.deepEqual(readBody({ item, max_size }).outputs, ['figure', 'cog', 'item'])
    }
    for (const max_size of [1025, 100_000, 'full']) {
      assert.deepEqual(readBody({ item, max_size }).outputs, ['figure', 'item'])
    }
    assert.deepEqual(query(`item=${item}&max_size=full`).outputs, ['figure', 'item'])
  })
})

describe('one area, however it is written,', () => {
  const ring = [
    [1, 1],
    [3, 1],
    [3, 2],
    [1, 2],
    [1, 1],
  ]
  const geometry = { type: 'Polygon', coordinates: [ring] }

  it('is one geometry', () => {
    const feature = { type: 'Feature', properties: {}, geometry }
    const high = ring.map(([lon, lat]) => [lon, lat, 120])
    const left = [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
    ]
    const right = [
      [2, 1],
      [3, 1],
      [3, 2],
      [2, 2],
    ]
    for (const written of [
      geometry,
      feature,
      { type: 'FeatureCollection', features: [feature, feature] },
      { type: 'GeometryCollection', geometries: [geometry] },
      { type: 'MultiPolygon', coordinates: [[left], [right]] },
      { ...geometry, coordinates: [high.toReversed()] },
      { ...geometry, crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } } },
    ]) {
      assert.deepEqual(readBody({ item, geometry: written }).geometry, geometry)
    }
  })

  it('is one box', () => {
    for (const [bbox, plain] of [
      [
        [1, 2, 0, 3, 4, 9],
        [1, 2, 3, 4],
      ],
      [
        [170, -10, 190, 10],
        [170, -10, -170, 10],
      ],
      [
        [-190, -10, -170, 10],
        [170, -10, -170, 10],
      ],
      [
        [350, 0, 362, 5],
        [-10, 0, 2, 5],
      ],
      [
        [0, -90, 360, 90],
        [-180, -90, 180, 90],
      ],
    ]) {
      assert.deepEqual(readBody({ item, bbox }).bbox, plain)
    }
    assert.deepEqual(query(`item=${item}&bbox=1,2,0,3,4,9`).bbox, [1, 2, 3, 4])
  })
})

describe('values at the edge of what is accepted', () => {
  const accepted = [
    ['every scale', scaleModes.map((scale) => ({ scale }))],
    ['every colour map', colormapNames.map((colormap_name) => ({ colormap_name }))],
    ['sizes', [1, 100_000, 'full'].map((max_size) => ({ max_size, outputs: ['item'] }))],
    ['the whole world', [{ bbox: [-180, -90, 180, 90] }]],
    ['a box over the antimeridian', [{ bbox: [179, -10, -179, 10] }]],
    ['one output', outputKinds.map((kind) => ({ outputs: [kind] }))],
    ['a narrow colour range', [{ rescale: [0.1, 0.100001] }]],
  ] as const
  for (const [name, fields] of accepted) {
    it(name, () => {
      for (const field of fields) {
        assert.deepEqual(readBody({ item, ...field }), { ...defaults, item, ...field })
      }
    })
  }
})

const refused = [
  ['neither item nor search', {}, /^request: give exactly one of item and search/],
  ['both', { item, search: {} }, /^request: give exactly one of item and search/],
  ['an item that is a number', { item: 5 }, /^item: must be a STAC item or its URL/],
  ['an item that is a list', { item: [] }, /^item: must be/],
  ['a search that is text', { search: 'x' }, /^search: /],
  ['an unknown field', { item, colour: 'red' }, /^request: Unrecognized key: "colour"/],
  ['an unknown field of search', { search: { colour: 1 } }, /^search: Unrecognized key: "colour"/],
  ['an API that is no URL', { search: { api: 'x' } }, /^search\.api: /],
  ['an API of another scheme', { search: { api: 'ftp://x.example' } }, /^search\.api: /],
  ['a limit of none', { search: { limit: 0 } }, /^search\.limit: /],
  ['a limit too high', { search: { limit: 1001 } }, /^search\.limit: /],
  ['ids that are numbers', { search: { ids: [1] } }, /^search\.ids\.0: /],
  [
    'a box of three',
    { item, bbox: [1, 2, 3] },
    /^bbox: must be four numbers .*not 3: give west, south/,
  ],
  ['a box of five', { item, bbox: [1, 2, 0, 3, 4] }, /^bbox: must be four numbers/],
  ['a box of text', { item, bbox: ['1', 2, 3, 4] }, /^bbox\.0: must be a number, not text$/],
  ['a longitude too far', { item, bbox: [-541, 0, 1, 1] }, /^bbox: .* lies outside the globe/],
  ['a latitude too far', { item, bbox: [0, 0, 1, 91] }, /^bbox: .* lies outside the globe/],
  [
    'a box wider than the globe',
    { item, bbox: [-200, 0, 200, 1] },
    /^bbox: .* wider than the globe/,
  ],
  ['south above north', { item, bbox: [0, 2, 1, 1] }, /^bbox: south must be less than north/],
  ['a box without height', { item, bbox: [0, 1, 1, 1] }, /^bbox: south must be less than north/],
  ['a box without width', { item, bbox: [1, 0, 1, 1] }, /^bbox: west and east must differ/],
  ['an unknown scale', { item, scale: 'l3' }, /^scale: .*"auto"\|"stac"/],
  ['a class that no mask knows', { item, mask: ['fog'] }, /^mask\.0: Invalid option/],
  [
    'a point for a geometry',
    { item, geometry: { type: 'Point', coordinates: [1, 2] } },
    /^geometry: has the type "Point": give a Polygon/,
  ],
  [
    'a ring of three',
    {
      item,
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ],
      },
    },
    /^geometry: coordinates\[0\]: a ring has at least three/,
  ],
  [
    'a place beyond the pole',
    {
      item,
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 91],
            [1, 0],
            [0, 0],
          ],
        ],
      },
    },
    /longitude and latitude in degrees/,
  ],
  [
    'a box and a polygon',
    {
      item,
      bbox: [0, 0, 1, 1],
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    },
    /give bbox or geometry, not both/,
  ],
  ['a size of none', { item, max_size: 0 }, /^max_size: Too small: expected number to be >=1/],
  ['half a pixel', { item, max_size: 1.5 }, /^max_size: must be/],
  ['a size in words', { item, max_size: 'large' }, /^max_size: must be .*, or "full"/],
  ['an unknown colour map', { item, colormap_name: 'greys' }, /^colormap_name: /],
  ['a colour map in capitals', { item, colormap_name: 'RdYlGn' }, /^colormap_name: /],
  ['an inverted colour range', { item, rescale: [1, -1] }, /^rescale: must be two numbers/],
  ['an empty colour range', { item, rescale: [0, 0] }, /^rescale: must be two numbers/],
  [
    'a colour range too wide to measure',
    { item, rescale: [-1e308, 1e308] },
    /^rescale: must be nearer/,
  ],
  ['no output', { item, outputs: [] }, /^outputs: /],
  ['an unknown output', { item, outputs: ['cog3'] }, /^outputs\.0: /],
  ['a pin that is text', { item, pin: 'true' }, /^pin: /],
  ['null', null, /^request: /],
  ['a list', [], /^request: /],
  ['text', 'x', /^request: /],
] as const

describe('a body is refused, naming the field, for', () => {
  for (const [name, body, fault] of refused) {
    it(name, () => {
      const faults = faultsOf(() => readBody(body))
      assert.equal(faults.length, 1, faults.join('\n'))
      assert.match(faults[0] ?? '', fault)
    })
  }

  it('all its faults at once', () => {
    const faults = faultsOf(() => readBody({ item, scale: 'x', max_size: 0, pin: 1, bbox: [] }))
    const fields = new Set(faults.map((fault) => fault.split(':')[0]))
    assert.deepEqual(fields, new Set(['bbox', 'max_size', 'pin', 'scale']))
  })

  it('values nested without end', () => {
    for (const depth of [200, 200_000]) {
      const nested = `{"item":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`
      const [fault = ''] = faultsOf(() => readBody(JSON.parse(nested)))
      assert.match(fault, /nested more than 100 levels deep/)
    }
  })

  it('no value that a STAC item really nests', () => {
    const nested = JSON.parse(`${'['.repeat(90)}1${']'.repeat(90)}`)
    assert.deepEqual(readBody({ item: { nested } }).item, { nested })
  })
})

describe('a query string is refused for', () => {
  const rows = [
    ['an unknown name', `item=${item}&colour=red`, /^request: Unrecognized key: "colour"/],
    ['a name that every object has', `item=${item}&toString=1`, /Unrecognized key: "toString"/],
    ['the name of prototypes', `item=${item}&__proto__=1`, /an object with the name "__proto__"/],
    [
      'a request hidden in a prototype',
      `__proto__={"item":"${item}"}`,
      /an object with the name "__proto__"/,
    ],
    ['broken JSON', 'search={"ids":', /^search is not valid JSON/],
    [
      'a list of words where numbers belong',
      `item=${item}&bbox=a,b,c,d`,
      /^bbox: must be four numbers/,
    ],
    ['no box', `item=${item}&bbox=`, /^bbox: must be four numbers/],
    ['colours of words', `item=${item}&rescale=a,b`, /^rescale: must be two numbers/],
    ['colours of one end', `item=${item}&rescale=1`, /^rescale: must be two numbers/],
    ['a list with a gap', `item=${item}&bbox=1,,3,4`, /^bbox: must be four numbers/],
    ['an empty list of numbers', `item=${item}&bbox=`, /^bbox: must be four numbers/],
    ['an empty size', `item=${item}&max_size=`, /^max_size: must be/],
    ['a blank size', `item=${item}&max_size=%20`, /^max_size: /],
    ['no output to publish', `item=${item}&outputs=&pin=true`, /^outputs: /],
    ['a pin that is neither true nor false', `item=${item}&pin=1`, /^pin: /],
    ['an infinite box', `item=${item}&bbox=-Infinity,0,1,1`, /^bbox: must be four numbers/],
  ] as const
  for (const [name, text, fault] of rows) {
    it(name, () => {
      assert.match(faultsOf(() => query(text)).join('\n'), fault)
    })
  }
})
