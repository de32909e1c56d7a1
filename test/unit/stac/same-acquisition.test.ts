// Items of one acquisition: which is the newest processing, and which are parts of a tile that came in two.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { boxGeometry } from '../../../lib/geo/antimeridian.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { dateItem, newestOfEach } from '../../../lib/stac/same-acquisition.ts'

/** Ground between two latitudes. */
function ground(south: number, north: number): JsonObject {
  return boxGeometry([11, south, 12.5, north])
}
const WHOLE = ground(56, 57)

interface Told {
  readonly id: string
  readonly time?: string
  readonly geometry?: JsonObject | null
  readonly properties?: JsonObject
}

/** Ids of what stays, in order, and of what gives way with that of which. */
async function newest(...told: readonly Told[]) {
  const dated = told.map(({ id, time = '2022-08-17T10:30:00Z', geometry = WHOLE, properties }) => {
    const assets = { red: { href: 'https://example.com/red.tif' } }
    const fields = { datetime: time, ...properties }
    const stac = { type: 'Feature', stac_version: '1.0.0', links: [], assets }
    const item = dateItem(readItem({ ...stac, id, geometry, properties: fields }, null))
    assert.ok(item)
    return item
  })
  const { kept, passed } = await newestOfEach(dated, new AbortController().signal)
  const gone = passed.map(({ item, by }) => `${item.id} < ${by.id}`)
  return [kept.map(({ item }) => item.id).join(' '), ...gone]
}

const [FIRST, SECOND, THIRD] = ['134209', '151500', '160000'].map(
  (made) => `S2A_MSIL2A_20220817T103031_N0400_R108_T32VNH_20220817T${made}`,
)
const sentinel = (id = '', fields: Omit<Told, 'id'> = {}): Told => ({ id, ...fields })

it('of several processings the newest stays', async () => {
  assert.deepEqual(await newest(sentinel(SECOND), sentinel(FIRST)), [
    SECOND,
    `${FIRST} < ${SECOND}`,
  ])
  const reprocessed = sentinel(THIRD, {
    geometry: ground(56.5, 57),
    properties: { 's2:processing_baseline': '05.10' },
  })
  // Whatever ground either tells.
  assert.deepEqual(await newest(sentinel(FIRST), reprocessed), [THIRD, `${FIRST} < ${THIRD}`])
})

it('two parts of a tile are one acquisition, and both stay', async () => {
  const [north, south] = [ground(56.4, 57), ground(56, 56.5)]
  const parts = [sentinel(SECOND, { geometry: south }), sentinel(FIRST, { geometry: north })]
  assert.deepEqual(await newest(...parts), [`${FIRST} ${SECOND}`])
  const again = sentinel(THIRD, { geometry: north })
  assert.deepEqual(await newest(...parts, again), [`${SECOND} ${THIRD}`, `${FIRST} < ${THIRD}`])
})

it('of many parts that no tile has a few stay', async () => {
  const ids = Array.from({ length: 40 }, (_, at) => `${FIRST}${at + 10}`)
  const strips = ids.map((id, at) =>
    sentinel(id, { geometry: ground(56 + at / 100, 56.01 + at / 100) }),
  )
  const [stay, ...gone] = await newest(...strips)
  assert.equal(stay, ids.slice(-4).join(' '))
  assert.deepEqual(
    gone.toSorted(),
    ids.slice(0, -4).map((id) => `${id} < ${ids.at(-1)}`),
  )
})

it('grounds that differ by their outlines alone, or are not told, are the same', async () => {
  const outline = sentinel(FIRST, { geometry: ground(55.99, 57) })
  assert.deepEqual(await newest(outline, sentinel(SECOND)), [SECOND, `${FIRST} < ${SECOND}`])
  const unknown = sentinel(FIRST, { geometry: null })
  const part = sentinel(SECOND, { geometry: ground(56.5, 57) })
  assert.deepEqual(await newest(unknown, part), [SECOND, `${FIRST} < ${SECOND}`])
})

it('what is taken a quarter of an hour apart, or of other tiles, are others', async () => {
  const later = sentinel(SECOND, { time: '2022-08-17T10:45:01Z' })
  assert.deepEqual(await newest(sentinel(FIRST), later), [`${FIRST} ${SECOND}`])
  const beside = { id: SECOND?.replace('T32VNH', 'T32VNJ') ?? '' }
  assert.deepEqual(await newest(sentinel(FIRST), beside), [`${FIRST} ${beside.id}`])
})

it('the two halves of HLS are of two satellites, though their items name none', async () => {
  const landsat = { id: 'HLS.L30.T33UVP.2023152T095000.v2.0', time: '2023-06-01T09:50:00Z' }
  const sentinel2 = { id: 'HLS.S30.T33UVP.2023152T100100.v2.0', time: '2023-06-01T10:01:00Z' }
  assert.deepEqual(await newest(landsat, sentinel2), [`${landsat.id} ${sentinel2.id}`])
})
