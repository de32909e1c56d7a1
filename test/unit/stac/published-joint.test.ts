// The item of several scenes as it is read again: whose item lies at which address, and what counts as one.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readPublishedJoint } from '../../../lib/stac/published-joint.ts'

const band = {
  asset: 'red',
  band: null,
  cid: 'QmfZ2iw5CUpxav1TNd4wTyLmeMQeroNgA4hyTBBXmWSj6N',
  path: '',
  nodata: null,
}
const linear = { scale: 1, offset: 0 }

function sceneOf(id: string, datetime: string, platform?: string): JsonObject {
  return {
    scene: { id, gsd: 30, datetime, ...(platform === undefined ? {} : { platform }) },
    product: { family: 'landsat', fill: 0, saturates: true },
    radiometry: { applied: 'none', when: 'always', red: linear, nir: linear, reason: 'as it is' },
    red: band,
    nir: band,
  }
}

interface Told {
  readonly kind: string
  readonly inputs: JsonObject
  readonly links?: readonly string[]
  readonly more?: JsonObject
}

function read({ kind, inputs, links = [], more = {} }: Told) {
  return readPublishedJoint({
    id: 'x',
    links: links.map((href) => ({ rel: 'derived_from', href })),
    properties: {
      'processing:software': { greenprint: '0.3.0' },
      'greenprint:kind': kind,
      'greenprint:request': { mask: null, max_size: 'full' },
      'greenprint:inputs': inputs,
      ...more,
    },
  })
}

const sources = (told: Told) =>
  read(told).parts.map(({ role, scene }) => [role, scene.canonical] as const)

describe('the address of a scene’s own item', () => {
  const [before, after] = [
    sceneOf('S2A_33UXP', '2023-05-01T10:00:00Z'),
    sceneOf('S2A_33UXP_B', '2023-06-01T10:00:00Z'),
  ]
  const inputs = { before, after }
  const own = (id: string) => `https://catalogue.example/items/${id}`

  it('is the one that names it, where not every scene has one', () => {
    const links = [own('S2A_33UXP_B')]
    assert.deepEqual(sources({ kind: 'change', inputs, links }), [
      ['before', null],
      ['after', links[0]],
    ])
    const file = ['https://files.example/S2A_33UXP/S2A_33UXP.json']
    assert.deepEqual(sources({ kind: 'change', inputs, links: file }), [
      ['before', file[0]],
      ['after', null],
    ])
  })

  it('follows from the order, where addresses do not tell', () => {
    const links = ['https://files.example/1.json', 'https://files.example/2.json']
    assert.deepEqual(
      sources({ kind: 'change', inputs, links }).map(([, link]) => link),
      links,
    )
  })

  it('is none for addresses that no scene has', () => {
    const links = ['a', 'b', 'c'].map(own)
    assert.deepEqual(
      sources({ kind: 'change', inputs, links }).map(([, link]) => link),
      links.slice(0, 2),
    )
  })
})

describe('the scenes of a composite', () => {
  const observations = (told: Omit<Told, 'kind'>) =>
    read({ kind: 'composite', ...told }).parts.map(({ role, observation }) => [role, observation])

  it('are taken by time, those of one platform and day as one', () => {
    const inputs = {
      d: sceneOf('d', '2023-05-02T10:00:00Z', 'Landsat-9'),
      a: sceneOf('a', '2023-05-01T10:30:00Z', 'landsat-9'),
      b: sceneOf('b', '2023-05-01T10:00:00Z', 'LANDSAT-9'),
      c: sceneOf('c', '2023-05-01T10:10:00Z', 'landsat-8'),
    }
    assert.deepEqual(observations({ inputs }), [
      ['b', 0],
      ['a', 0],
      ['c', 1],
      ['d', 2],
    ])
  })

  it('without a platform are one where the item lists them so, and are of one day', () => {
    const inputs = {
      a: sceneOf('a', '2023-05-01T10:00:00Z'),
      b: sceneOf('b', '2023-05-01T10:10:00Z'),
      c: sceneOf('c', '2023-05-01T10:20:00Z'),
      d: sceneOf('d', '2023-05-02T10:00:00Z'),
    }
    const listed = [{ scenes: ['a', 'c', 'd'] }, { scenes: ['b'] }]
    assert.deepEqual(observations({ inputs, more: { 'greenprint:sources': listed } }), [
      ['a', 0],
      ['c', 0],
      ['b', 1],
      ['d', 2],
    ])
  })
})
