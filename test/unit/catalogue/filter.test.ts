// Filters and queries of the catalogue on single items: what is true of an item, and what cannot be told of it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { spanOfItem } from '../../../lib/catalogue/entry.ts'
import { readFilter } from '../../../lib/catalogue/filter.ts'
import { readQuery } from '../../../lib/catalogue/query-extension.ts'
import type { Json, JsonObject } from '../../../lib/model/json.ts'

const cloud = { property: 'eo:cloud_cover' }
const made = { property: 's2:generation_time' }
const place = { property: 'geometry' }

function item(properties: JsonObject, geometry: Json = null): JsonObject {
  return { type: 'Feature', id: 'x', collection: 'scenes', geometry, properties }
}

const clear = item(
  { 'eo:cloud_cover': 12, 's2:generation_time': '2020-02-20T00:00:00.5Z' },
  { type: 'Point', coordinates: [-179.5, 10] },
)
const untold = item({})

describe('a filter', () => {
  const over50: JsonObject = { op: '>', args: [cloud, 50] }
  const not = (part: Json): JsonObject => ({ op: 'not', args: [part] })

  // The truth tables of CQL2, 6.2.
  for (const [name, filter] of [
    ['a comparison', over50],
    ['what denies it', not(over50)],
    ['unlike', { op: '<>', args: [cloud, 50] }],
    ['neither of some', not({ op: 'in', args: [cloud, [50, 60]] })],
    ['not between', not({ op: 'between', args: [cloud, 50, 60] })],
    ['nor', not({ op: 'or', args: [over50, { op: '=', args: [{ property: 'id' }, 'y'] }] })],
    ['nand', not({ op: 'and', args: [over50, true] })],
    ['not there', not({ op: 's_intersects', args: [place, { bbox: [0, 0, 1, 1] }] })],
    ['another type', not({ op: '=', args: [{ property: 'id' }, 7] })],
  ] satisfies [string, JsonObject][]) {
    it(`does not find an item that does not tell: ${name}`, () => {
      assert.equal(readFilter(filter)(untold), false)
    })
  }

  it('finds what is told anyway', () => {
    const either = (other: Json) => readFilter({ op: 'or', args: [over50, other] })(untold)
    assert.deepEqual([either(true), either(false)], [true, false])
    assert.equal(readFilter(not({ op: 'and', args: [over50, false] }))(untold), true)
    assert.equal(readFilter(not(over50))(clear), true)
    assert.equal(readFilter(not({ op: 'isNull', args: [cloud] }))(clear), true)
    assert.equal(readFilter({ op: 'isNull', args: [cloud] })(untold), true)
  })

  it('compares any property with an instant, whichever way it is written', () => {
    const after = (timestamp: string) => readFilter({ op: '>', args: [made, { timestamp }] })(clear)
    assert.equal(after('2020-02-20T00:00:00Z'), true)
    assert.equal(after('2020-02-20T02:00:00+02:00'), true)
    assert.equal(after('2020-02-20T00:00:01Z'), false)
    assert.equal(readFilter({ op: '<', args: [{ date: '2020-02-19' }, made] })(clear), true)
    const from = { timestamp: '2020-01-01T00:00:00Z' }
    const to = { timestamp: '2021-01-01T00:00:00Z' }
    assert.equal(readFilter({ op: 'between', args: [made, from, to] })(clear), true)
    assert.equal(readFilter({ op: '=', args: [cloud, from] })(clear), false)
  })

  it('takes a year for its beginning', () => {
    const told = item({ datetime: '2020-02-20T00:00:00Z' })
    const since = (year: string) =>
      readFilter({ op: '>=', args: [{ property: 'datetime' }, year] })(told)
    assert.deepEqual([since('2020'), since('2021')], [true, false])
    assert.equal(readQuery({ datetime: { lt: '2021', gte: '2020' } })(told), true)
    assert.equal(readFilter({ op: '>', args: [made, { date: '2020' }] })(clear), true)
  })

  it('takes a time without a zone for UTC, wherever this machine is', (test) => {
    const { TZ } = process.env
    test.after(() => (TZ === undefined ? delete process.env['TZ'] : (process.env['TZ'] = TZ)))
    process.env['TZ'] = 'America/New_York'
    const told = item({ datetime: '2020-02-20T00:30:00', updated: '2020-02-20' })
    const is = (name: string, op: string, timestamp: string) =>
      readFilter({ op, args: [{ property: name }, { timestamp }] })(told)
    assert.equal(is('datetime', '=', '2020-02-20T00:30:00Z'), true)
    assert.equal(is('updated', '=', '2020-02-20T00:00:00Z'), true)
    const span = spanOfItem(told)
    assert.equal(span?.start, Date.UTC(2020, 1, 20, 0, 30))
    const day = spanOfItem(item({ datetime: '2020-02-20' }))
    assert.deepEqual(day, { start: Date.UTC(2020, 1, 20), end: Date.UTC(2020, 1, 20, 23, 59, 59) })
  })

  it('takes a box for a geometry, and the two in either order', () => {
    const meets = (...args: Json[]) => readFilter({ op: 's_intersects', args })(clear)
    assert.equal(meets(place, { bbox: [-180, 9, -179, 11] }), true)
    assert.equal(meets(place, { bbox: [179, 9, 0, -179, 11, 100] }), true)
    assert.equal(meets({ type: 'Point', coordinates: [-179.5, 10] }, place), true)
    assert.equal(meets(place, { bbox: [0, 0, 1, 1] }), false)
  })

  for (const literal of [
    { type: 'Polygon', coordinates: [] },
    { type: 'Polygon', coordinates: [1, 2] },
    { bbox: [1, 2, 3] },
    { bbox: [0, 10, 1, 5] },
    { bbox: [0, 'a', 0, 1, 1] },
    {},
    'POINT (1 2)',
    place,
  ] satisfies Json[]) {
    it(`refuses what is no place: ${JSON.stringify(literal)}`, () => {
      assert.throws(() => readFilter({ op: 's_intersects', args: [place, literal] }), {
        name: 'TypeError',
        message: /s_intersects of something else/,
      })
    })
  }
})
