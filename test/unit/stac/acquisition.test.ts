// Times as items write them, and as STAC wants them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { acquisitionOf, readTime } from '../../../lib/stac/acquisition.ts'
import { sourceProperties } from '../../../lib/stac/source-properties.ts'
import { scene } from './sample-items.ts'

describe('a time', () => {
  const moments: [written: string, moment: string][] = [
    ['2021-06-01T10:00:00Z', '2021-06-01T10:00:00Z'],
    ['2021-06-01T10:00:00.123456Z', '2021-06-01T10:00:00.123456Z'],
    ['2021-06-01T10:00:00,5Z', '2021-06-01T10:00:00.5Z'],
    ['2021-06-01T10:00:00', '2021-06-01T10:00:00Z'],
    ['2021-06-01 10:00:00Z', '2021-06-01T10:00:00Z'],
    ['2021-06-01t10:00z', '2021-06-01T10:00:00Z'],
    ['2021-06-01T10:00:00+02:00', '2021-06-01T08:00:00Z'],
    ['2021-01-01T00:30:00+0130', '2020-12-31T23:00:00Z'],
    ['20210601T100000Z', '2021-06-01T10:00:00Z'],
  ]
  for (const [written, moment] of moments) {
    it(`${written} is ${moment}`, () => {
      assert.deepEqual(readTime(written), { start: moment, end: moment })
    })
  }

  it('without hours is a day or a month', () => {
    assert.deepEqual(readTime('2021-06-01'), {
      start: '2021-06-01T00:00:00Z',
      end: '2021-06-01T23:59:59Z',
    })
    assert.deepEqual(readTime('2024-02'), {
      start: '2024-02-01T00:00:00Z',
      end: '2024-02-29T23:59:59Z',
    })
  })

  it('that is none is none', () => {
    for (const text of [
      '',
      'yesterday',
      '2021-13-01',
      '2021-02-30',
      '2023-02-29',
      '2021-06-01T25:00:00Z',
      '2021-06-01T10:00:00+99:00',
      '1622541600',
    ]) {
      assert.equal(readTime(text), null, text)
    }
  })
})

describe('the acquisition of a scene', () => {
  const of = (properties: JsonObject, id = 'x') => acquisitionOf(scene({ id, properties }))
  const range = (start: string, end: string) => ({
    datetime: null,
    start_datetime: start,
    end_datetime: end,
  })

  it('is its datetime, its range, or either end of it', () => {
    assert.deepEqual(of({ datetime: '2021-06-01 10:00:00Z' }), { datetime: '2021-06-01T10:00:00Z' })
    assert.deepEqual(
      of({ datetime: '2021-06-01' }),
      range('2021-06-01T00:00:00Z', '2021-06-01T23:59:59Z'),
    )
    assert.deepEqual(
      of({ datetime: null, start_datetime: '2021-06-01', end_datetime: '2021-06-30T12:00:00Z' }),
      range('2021-06-01T00:00:00Z', '2021-06-30T12:00:00Z'),
    )
    assert.deepEqual(of({ end_datetime: '2021-06-30T12:00:00Z' }), {
      datetime: '2021-06-30T12:00:00Z',
    })
  })

  it('is the day in the name of its product, wherever that stands', () => {
    const day = range('2023-01-03T00:00:00Z', '2023-01-03T23:59:59Z')
    const name = 'S2B_MSIL2A_20230103T000000_N0509_R091_T40XXX_20230103T020000'
    assert.deepEqual(of({ datetime: 'unknown', 'sentinel:product_id': name }), day)
    assert.equal(of({ title: `made of ${name}` }), null)
    assert.equal(of({ datetime: 20210601 }), null)
  })
})

describe('what is not valid STAC', () => {
  it('is made valid where it can be, else left out with a warning', () => {
    const { properties, warnings } = sourceProperties(
      scene({
        id: 'x',
        properties: {
          datetime: '2021-06-01',
          platform: 9,
          constellation: null,
          instruments: 'OLI',
        },
      }),
    )
    assert.deepEqual(properties['instruments'], ['OLI'])
    assert.equal(properties['platform'], undefined)
    assert.equal(properties['constellation'], undefined)
    assert.equal(warnings.length, 2)
    assert.match(warnings[0] ?? '', /platform is 9, which is not valid STAC: it is left out/)
    assert.match(warnings[1] ?? '', /datetime "2021-06-01" is published as/)
  })
})
