// How items are compared: by the footprint of their data, by what they say of it, by clouds that are known.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { areaOf, rankItems } from '../../../lib/stac/ranking.ts'
import { item } from './sample-items.ts'

const WHOLE = [9, 49, 12, 52]
const area = areaOf({ bbox: [10, 50, 11, 51] })
const forever = new AbortController().signal
async function ranked(given: readonly JsonObject[]) {
  const items = given.map((each) => readItem(each, null))
  const order = await rankItems(items, area, forever)
  return order.map(({ item: { id }, coverage, cloud }) => ({ id, coverage, cloud }))
}
const candidate = (id: string, cloud: number, properties: JsonObject = {}, more: JsonObject = {}) =>
  item({
    id,
    bbox: WHOLE,
    geometry: null,
    properties: { datetime: '2020-06-01T10:00:00Z', 'eo:cloud_cover': cloud, ...properties },
    ...more,
  })
const polygon = (...corners: number[][]) => ({
  geometry: { type: 'Polygon', coordinates: [[...corners, corners[0] ?? []]] },
})

describe('an item', () => {
  it('covers the area by the footprint of its data, not by the box around it', async () => {
    const edge = candidate('edge', 0, {}, polygon([9, 52], [9, 49], [12, 49]))
    const whole = candidate('whole', 60, {}, polygon([9, 49], [12, 49], [12, 52], [9, 52]))
    assert.deepEqual(await ranked([edge, whole]), [
      { id: 'whole', coverage: 1, cloud: 60 },
      { id: 'edge', coverage: 0.5, cloud: 0 },
    ])
  })

  it('without a geometry covers as much less as it says to have no data', async () => {
    const items = [
      candidate('edge', 0, { 's2:nodata_pixel_percentage': 93 }),
      candidate('old', 1, { 'sentinel:data_coverage': 40 }),
      candidate('whole', 50, { 's2:nodata_pixel_percentage': 0 }),
    ]
    assert.deepEqual(
      (await ranked(items)).map(({ id, coverage }) => [id, coverage]),
      [
        ['whole', 1],
        ['old', 0.4],
        ['edge', 0.07],
      ],
    )
  })

  it('with a cloud cover below 0 is of unknown cover, after those whose cover is known', async () => {
    assert.deepEqual(await ranked([candidate('landsat', -1), candidate('cloudy', 90)]), [
      { id: 'cloudy', coverage: 1, cloud: 90 },
      { id: 'landsat', coverage: 1, cloud: null },
    ])
  })

  it('is compared with an area of many corners soon', async () => {
    const corners = Array.from({ length: 5000 }, (_, at) => {
      const angle = (2 * Math.PI * at) / 5000
      return [10.5 + Math.cos(angle) / 2, 50.5 + Math.sin(angle) / 2]
    })
    const round = areaOf({ intersects: polygon(...corners).geometry })
    const half = readItem(
      candidate('half', 0, {}, polygon([9, 49], [10.5, 49], [10.5, 52], [9, 52])),
      null,
    )
    const halves = Array.from({ length: 200 }, () => half)
    const [first] = await rankItems(halves, round, forever)
    assert.ok(Math.abs((first?.coverage ?? 0) - 0.5) < 0.005)
  })

  it('of a time without a zone was taken in UTC, on whichever machine it is compared', async () => {
    const taken = (id: string, datetime: string) => candidate(id, 5, { datetime })
    const items = [
      taken('blank', '2023-07-23 11:00:00'),
      taken('zulu', '2023-07-23T10:30:00Z'),
      taken('none', '2023-07-23T10:00:00'),
      taken('east', '2023-07-23T12:00:00+03:00'),
    ]
    assert.deepEqual(
      (await ranked(items)).map(({ id }) => id),
      ['blank', 'zulu', 'none', 'east'],
    )
  })
})
