// What a topic is told of a result: the item, the names that others filter by, and an address for what is too large.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { composeNotice } from '../../../lib/jobs/result-notice.ts'

const source = { collection: 'landsat-c2l2-sr', cloudCover: 12.5 }
const item = {
  type: 'Feature',
  id: 'scene_ndvi',
  bbox: [-60.5, -3.25, -59.5, -3],
  properties: { datetime: '2023-07-23T14:12:31Z' },
}
const href = 'https://ndvi.example/ipfs/bafy/item.json'

describe('a notice', () => {
  it('has the item for its message and the attributes of Earth Search', () => {
    const notice = composeNotice(item, href, source, 'created')
    assert.deepEqual(JSON.parse(notice.message), item)
    assert.deepEqual(notice.attributes, {
      collection: 'landsat-c2l2-sr',
      datetime: '2023-07-23T14:12:31Z',
      'bbox.ll_lon': -60.5,
      'bbox.ll_lat': -3.25,
      'bbox.ur_lon': -59.5,
      'bbox.ur_lat': -3,
      cloud_cover: 12.5,
      status: 'created',
    })
  })

  it('has no attribute for what is not known, for none may be empty', () => {
    const bare = { id: 'x', properties: { datetime: null, start_datetime: '2023-07-23T00:00:00Z' } }
    const unknown = { collection: null, cloudCover: null }
    assert.deepEqual(composeNotice(bare, href, unknown, 'updated').attributes, {
      start_datetime: '2023-07-23T00:00:00Z',
      status: 'updated',
    })
  })

  it('takes the corners of a box with heights', () => {
    const { attributes } = composeNotice({ bbox: [1, 2, 100, 3, 4, 200] }, href, source, 'created')
    const corners = ['ll_lon', 'll_lat', 'ur_lon', 'ur_lat'].map(
      (side) => attributes[`bbox.${side}`],
    )
    assert.deepEqual(corners, [1, 2, 3, 4])
  })

  it('has no letter that a topic or a queue refuses', () => {
    const odd = { ...item, id: 'a\uffffb', title: 'x\ufffe\u0007 ü' }
    const { message, attributes } = composeNotice(
      odd,
      href,
      { ...source, collection: 'c\u0001\uffff\ud800' },
      'created',
    )
    assert.doesNotMatch(message, /[\ufffe\uffff]/)
    assert.deepEqual(JSON.parse(message), odd)
    assert.equal(attributes['collection'], 'c\ufffd')
  })

  it('of 256 KiB with its attributes is told whole, of a byte more by its address', () => {
    const sized = (length: number) => ({
      ...item,
      text: 'é'.repeat(length / 2) + 'x'.repeat(length % 2),
    })
    const { message, attributes } = composeNotice(sized(0), href, source, 'created')
    const names = Object.entries(attributes).map(([name, value]) => `${name}Number${value}`)
    const room = 262_144 - Buffer.byteLength([message, ...names].join(''))
    const whole = composeNotice(sized(room), href, source, 'created')
    assert.deepEqual(JSON.parse(whole.message), sized(room))
    const large = composeNotice(sized(room + 1), href, source, 'created')
    assert.deepEqual(JSON.parse(large.message), { href })
    assert.deepEqual(large.attributes, attributes)
  })
})
