// Which of several scenes is chosen, and what is told of the choice.
// Long: a search a situation, on one scripted API.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GreenprintError } from '../../../lib/errors.ts'
import { boxGeometry } from '../../../lib/geo/antimeridian.ts'
import type { Json, JsonObject } from '../../../lib/model/json.ts'
import type { SceneSearch } from '../../../lib/model/request.ts'
import { searchScenes } from '../../../lib/stac/search.ts'
import { fixture, item, object } from './sample-items.ts'
import { page, ScriptedApi } from './scripted-api.ts'

const API = 'https://stac.example/v1'
const FOUND = `${API}/search`
const { signal } = new AbortController()
const AREA: SceneSearch = { bbox: [10, 50, 11, 51] }

function candidate(
  id: string,
  bbox: number[],
  cloud?: number,
  datetime = '2020-06-01T10:00:00Z',
  more: JsonObject = {},
): JsonObject {
  const properties = { datetime, ...(cloud === undefined ? {} : { 'eo:cloud_cover': cloud }) }
  return item({ id, bbox, properties, ...more })
}

const search = (features: readonly Json[], asked: SceneSearch = AREA, more: JsonObject = {}) =>
  searchScenes(asked, API, new ScriptedApi([page(features, null, more)]), signal)

/** The order in which items win, found by taking the winner away again and again. */
async function order(
  features: readonly JsonObject[],
  asked: SceneSearch = AREA,
): Promise<string[]> {
  const left = [...features]
  const won: string[] = []
  while (left.length > 0) {
    const { item: best } = await search(left, asked)
    won.push(best.id)
    left.splice(
      left.findIndex(({ id }) => id === best.id),
      1,
    )
  }
  return won
}

const WHOLE = [9, 49, 12, 52]
const HALF = [10.5, 49, 12, 52]

const blind = (id: string) => candidate(id, WHOLE, 0, undefined, { assets: { green: {} } })

describe('the best scene', () => {
  it('covers most of the area, then has least cloud, then is newest, then comes first by id', async () => {
    const inOrder = [
      candidate('clear', WHOLE, 0),
      candidate('newer', WHOLE, 5, '2020-06-03T10:00:00Z'),
      candidate('older-a', WHOLE, 5, '2020-06-02T10:00:00Z'),
      candidate('older-b', WHOLE, 5, '2020-06-02T10:00:00Z'),
      candidate('cloud-unknown', WHOLE, undefined, '2020-06-30T10:00:00Z'),
      candidate('half', HALF, 0, '2020-06-30T10:00:00Z'),
      { ...candidate('nowhere', [], 1), geometry: null },
    ]
    const expected = inOrder.map(({ id }) => id)
    assert.deepEqual(await order(inOrder), expected)
    assert.deepEqual(await order(inOrder.toReversed()), expected)
  })

  it('is never one that lies elsewhere: an API that does not look at the area finds everything', async () => {
    const elsewhere = candidate('elsewhere', [100, 0, 101, 1], 0)
    const beside = candidate('beside', WHOLE, 0, undefined, {
      geometry: boxGeometry([11.5, 51.5, 12, 52]),
    })
    await assert.rejects(search([elsewhere, beside]), {
      code: 'scene_not_found',
      message: /^None of the 2 items found at .* is of the searched area/,
    })
    assert.deepEqual((await search([elsewhere, candidate('here', HALF, 90)])).item.id, 'here')
    assert.equal((await search([elsewhere], {})).item.id, 'elsewhere')
    // A scene is next to nothing of the world, and a box without ground is no place.
    assert.equal((await search([elsewhere], { bbox: [-180, -90, 180, 90] })).item.id, 'elsewhere')
    assert.equal((await search([candidate('unknown', [0, 0, 0, 0], 0)])).item.id, 'unknown')
  })

  it('is never one of another time: an API that does not look at it finds those of any', async () => {
    const may = candidate('may', WHOLE, 90, '2023-05-31T23:59:59.9Z')
    const june = candidate('june', WHOLE, 0, '2023-06-01T00:00:01Z')
    const inMay = { ...AREA, datetime: '2023-05' }
    assert.equal((await search([june, may], inMay)).item.id, 'may')
    await assert.rejects(search([june], inMay), {
      code: 'scene_not_found',
      message: /area, time and/,
    })
    assert.equal((await search([june, may], { ...AREA, datetime: '2023-05/..' })).item.id, 'june')
    const span = { start_datetime: '2023-04-20T00:00:00Z', end_datetime: '2023-05-02T00:00:00Z' }
    const properties = { datetime: null, ...span }
    const weeks = candidate('weeks', WHOLE, 0, undefined, { properties })
    assert.equal((await search([weeks], inMay)).item.id, 'weeks')
    const message = /None of the 1 item/
    await assert.rejects(search([weeks], { ...AREA, datetime: '2023-06' }), { message })
    const composite = candidate('composite', WHOLE, 0, undefined, {
      properties: { datetime: '2023-04-20T00:00:00Z', ...span },
    })
    assert.equal((await search([composite], inMay)).item.id, 'composite')
  })

  it('is never one of another id: an API that does not look at ids finds all', async () => {
    const clear = candidate('clear', WHOLE, 0)
    const asked = candidate('S2A_Asked', WHOLE, 90)
    const byId = { ...AREA, ids: ['other', 's2a_asked'] }
    assert.equal((await search([clear, asked], byId)).item.id, 'S2A_Asked')
    await assert.rejects(search([clear], byId), { code: 'scene_not_found', message: /and ids/ })
  })

  it('reads times to the microsecond as they are written', async () => {
    // Read as 512,067 milliseconds the first would be the newer one by eight minutes.
    const first = candidate('first', WHOLE, 5, '2022-06-28T14:52:41.512067Z')
    const second = candidate('second', WHOLE, 5, '2022-06-28T14:53:05.000001Z')
    assert.deepEqual(await order([first, second]), ['second', 'first'])
  })

  it('is the clearest where no area is asked', async () => {
    const features = [candidate('half', HALF, 1), candidate('whole', WHOLE, 2)]
    assert.deepEqual(await order(features, {}), ['half', 'whole'])
    assert.match((await search(features, {})).reason, /: cloud cover 1 %, acquired/)
  })

  it('is found for a geometry, and for a point', async () => {
    const features = [candidate('half', HALF, 1), candidate('whole', WHOLE, 2)]
    const polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [10, 50],
          [11, 50],
          [11, 51],
          [10, 50],
        ],
      ],
    }
    assert.deepEqual(await order(features, { intersects: polygon }), ['whole', 'half'])
    const point = { type: 'Point', coordinates: [10.7, 50.5] }
    assert.deepEqual(await order(features, { intersects: point }), ['half', 'whole'])
  })

  it('is found across the antimeridian', async () => {
    const features = [
      candidate('west', [170, -10, 180, 10], 0),
      candidate('both', [175, -10, -175, 10], 50),
    ]
    assert.deepEqual(await order(features, { bbox: [178, 0, -178, 5] }), ['both', 'west'])
  })

  it('comes with its item, its scene and the reason', async () => {
    const self = 'https://stac.example/v1/collections/a/items/b'
    const best = candidate('b', WHOLE, 3.2, undefined, {
      links: [{ rel: 'self', href: self }],
      collection: 'a',
    })
    const chosen = await search([candidate('half', HALF, 0), best])
    assert.equal(chosen.scene.id, 'b')
    assert.equal(chosen.item.href, self)
    assert.equal(
      chosen.reason,
      `Best of the 2 items found at ${FOUND}: covers 100 % of the area, cloud cover 3.2 %, acquired 2020-06-01T10:00:00Z.`,
    )
  })
})

describe('the reason', () => {
  const only = [candidate('a', HALF, 9.59)]
  it('counts what was found and what was not looked at', async () => {
    assert.match(
      (await search(only)).reason,
      /^The only item found at .*: covers 50 % of the area, cloud cover 9\.59 %/,
    )
    const limited = await search([...only, ...only], { ...AREA, limit: 1 }, { numberMatched: 858 })
    assert.match(limited.reason, /^Best of the first 1 item \(of 858\) found/)
    const unknown = await search([...only, ...only], { ...AREA, limit: 1 })
    assert.match(unknown.reason, /^Best of the first 1 item \(there are more\) found/)
  })

  it('does not count an item twice', async () => {
    assert.match((await search([...only, ...only])).reason, /^The only item found/)
  })

  it('says what is unknown', async () => {
    const bare = item({ id: 'a', properties: {} })
    assert.match((await search([bare], {})).reason, /: cloud cover unknown, date unknown\.$/)
  })

  it('does not round up to the whole', async () => {
    const nearly = candidate('a', [10, 50, 10.99999, 52], 0)
    assert.match((await search([nearly])).reason, /covers 99\.99 % of the area/)
  })
})

describe('scenes that cannot be used', () => {
  it('are passed over, and told', async () => {
    const { scene, reason } = await search([blind('x'), candidate('a', WHOLE, 80), blind('y')])
    assert.equal(scene.id, 'a')
    assert.match(
      reason,
      /^Best of the 3 items found .*cloud cover 80 %.*\. 2 better items were passed over: Item x has no asset for red .*Item y has no asset/,
    )
  })

  it('are told five at most', async () => {
    const many = Array.from({ length: 8 }, (_, at) => blind(`blind-${at}`))
    const { reason } = await search([...many, candidate('a', WHOLE, 80)])
    assert.match(reason, /8 better items were passed over: .*blind-4.* And 3 more\.$/)
    assert.doesNotMatch(reason, /blind-5/)
  })

  it('worse than the best are not mentioned', async () => {
    const { reason } = await search([candidate('a', WHOLE, 0), { ...blind('x'), bbox: HALF }])
    assert.doesNotMatch(reason, /passed over/)
  })

  it('leave an error that lists the best of them', async () => {
    await assert.rejects(search([blind('x'), blind('y')]), (error: GreenprintError) => {
      assert.equal(error.code, 'asset_unusable')
      assert.match(
        error.message,
        /^None of the 2 items found at .* can be used\. The best of them: Item x has no asset for red/,
      )
      assert.match(error.details.join('\n'), /^Item x .*\nItem y .*$/)
      return true
    })
  })

  it('may be no items at all', async () => {
    const features = [{ type: 'Feature' }, null, candidate('a', WHOLE, 1)]
    const { scene, reason } = await search(features)
    assert.equal(scene.id, 'a')
    assert.match(reason, /^Best of the 3 items/)
    await assert.rejects(search([{ type: 'Feature' }]), {
      code: 'asset_unusable',
      message: /^The only item found at .* cannot be used: Expected a STAC Item/,
    })
  })

  it('may be items whose assets the server left out', async () => {
    const answer = object(fixture('search-response-earth-search.json').response)
    await assert.rejects(searchScenes({}, API, new ScriptedApi([answer]), signal), {
      code: 'asset_unusable',
      message:
        /^None of the first 10 items \(of 858\) .* The best of them: Item S2C_T13TDE_20250729T180310_L2A has no asset.*It has no assets at all\.$/,
    })
  })
})

it('nothing found is told as such', async () => {
  await assert.rejects(search([]), {
    code: 'scene_not_found',
    message: `No item matches the search at ${FOUND}. Widen the area, the time or the filter.`,
  })
})
