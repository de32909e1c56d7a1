// Which blocks of a file a byte range of it needs, in the order of a CAR.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planCar } from '../../../lib/ipld/car-plan.ts'
import type { Cid } from '../../../lib/ipld/cid.ts'
import { readEntityBytes, spanOf } from '../../../lib/ipld/entity-bytes.ts'
import { noise } from '../../harness/blocks.ts'
import { importFile } from '../../harness/import-dag.ts'

const LEAF = 262_144
const bytes = noise(46_000_000)
const { root, blocks } = await importFile(bytes, 'unixfs-v0-2015')
const known = new Map(blocks.map((block) => [block.cid.toString(), block.bytes]))
const get = async (cid: Cid) => {
  const block = known.get(cid.toString())
  assert.ok(block)
  return block
}

describe('entity-bytes', () => {
  const rows: [text: string, blocks: number, meaning: string][] = [
    ['0:0', 3, 'the root, its first inner node and the first leaf'],
    [`0:${LEAF - 1}`, 3, 'one whole leaf and not the next'],
    [`0:${LEAF}`, 4, 'one byte of the next leaf'],
    ['-1:*', 3, 'the last byte, through the second inner node'],
    [`-${LEAF}:-1`, 4, 'the last leaf and the end of the one before'],
    ['0:*', blocks.length, 'all'],
    ['0:-99999999', 1, 'nothing where it ends before the file begins: the root alone'],
  ]
  for (const [text, count, meaning] of rows) {
    it(`${text} needs ${meaning}`, async () => {
      const entity = readEntityBytes(text)
      assert.ok(entity)
      const asked = {
        path: [],
        end: root,
        scope: 'entity',
        bytes: entity,
        duplicates: true,
      } as const
      const { blocks: found } = await planCar(root, asked, get, { mostBytes: Infinity, advice: '' })
      assert.equal(found.length, count)
      const order = new Map(blocks.map((block, at) => [block.cid.toString(), at]))
      const places = found.map(({ cid }) => order.get(cid.toString()) ?? -1)
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
        'depth first',
      )
    })
  }

  it('is two numbers, or one and a star', () => {
    assert.deepEqual(readEntityBytes('-5:*'), { from: -5, to: null })
    for (const text of [
      '10:5',
      '-5:-10',
      '',
      '5',
      ':',
      '1:',
      '*:1',
      'a:b',
      '1:2:3',
      '0x1:2',
      '1.5:2',
    ]) {
      assert.equal(readEntityBytes(text), null, text)
    }
  })

  it('counts negative ends from the end of the file, and ends with it', () => {
    const rows = [
      ['0:*', 0, 1026],
      ['512:-256', 512, 771],
      ['-9999:-3', 0, 1024],
      ['-5:*', 1021, 1026],
      ['1025:5000', 1025, 1026],
      ['-3:10', 1023, 1023],
    ] as const
    for (const [text, start, end] of rows) {
      const entity = readEntityBytes(text)
      assert.ok(entity)
      assert.deepEqual(spanOf(entity, 1026), { start, end }, text)
    }
    assert.throws(() => spanOf({ from: 1026, to: null }, 1026), { code: 'invalid_request' })
    assert.deepEqual(spanOf({ from: 0, to: 5 }, 0), { start: 0, end: 0 })
  })
})
