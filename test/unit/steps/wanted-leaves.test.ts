// Which leaves of a file that is read whole stay for the pixels of a request: what its header says decides it, and a
// header may say anything.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { wantedLeaves } from '../../../lib/steps/wanted-leaves.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { hostileTiff } from '../../harness/hostile-tiffs.ts'
import { plainRequest } from '../../harness/requests.ts'
import { longestTurn } from '../../harness/turn-monitor.ts'
import { asset, item, NIR_CID, RED_CID } from '../stac/sample-items.ts'

const { signal } = new AbortController()
const LEAF = 256 * 1024
const assets = { red: asset(RED_CID), nir08: asset(NIR_CID) }
const scene = readScene(readItem(item({ assets, bbox: undefined, geometry: null }), null))

/** A row of so many columns, in tiles that share their bytes: those fill the second leaf and begin the third. */
function rowOf(width: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(2 * LEAF)
  const ranges = (tiles: number) => Array.from({ length: tiles }, () => [0, data.length] as const)
  const tile = { width: 2 ** 20, rows: 16 }
  return hostileTiff({ width, height: 1, tile, compression: 8, ranges, data })
}

/** Offsets of the leaves that stay. */
async function keptOf(file: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const kept: number[] = []
  let offset = 0
  const listen = wantedLeaves(
    { ...plainRequest, max_size: 'full' },
    scene,
    { keep: () => void kept.push(offset) },
    signal,
  )(scene.red)
  for (; offset < file.length; offset += LEAF) {
    const leaf = file.slice(offset, offset + LEAF)
    const cid = cidOfBlock(RAW, leaf)
    const verified = verifyBlock(cid, leaf)
    assert.ok(verified)
    await listen(cid, verified, offset, verified)
  }
  return kept
}

/** A projection is loaded in it, too. */
const MOST_MS = 500

describe('the leaves that a request wants of a file', () => {
  for (const [columns, kept] of [
    [1000, [0, LEAF, 2 * LEAF]],
    [2 ** 28, [0, LEAF, 2 * LEAF]],
    // More than any request reads.
    [2 ** 28 + 1, [0]],
    [2 ** 31 - 1, [0]],
  ] as const) {
    it(`are known at once where its header claims ${columns} columns`, async () => {
      const { value, milliseconds } = await longestTurn(() => keptOf(rowOf(columns)))
      assert.deepEqual(value, kept)
      assert.ok(milliseconds < MOST_MS, `${milliseconds} ms`)
    })
  }
})
