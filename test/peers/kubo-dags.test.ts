// Files of any shape beside a real Kubo, many with something wrong in them: read as `ipfs cat` reads them, or refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../lib/async/clock.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { openFile } from '../../lib/ipfs/file.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { encodeCar } from '../../lib/ipld/car.ts'
import type { Cid } from '../../lib/ipld/cid.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'
import { MemoryBlocks, noise } from '../harness/blocks.ts'
import {
  inlineLeaf,
  type Planted,
  plantDatedLeaf,
  plantLeaf,
  plantNode,
  plantRaw,
  recorded,
} from '../harness/dags.ts'
import { startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { skipWithoutKubo } from '../harness/peers.ts'
import { type Random, randomFrom } from '../harness/random.ts'

const signal = new AbortController().signal
const FILES = 1_500

/** One DAG, and what was planted on the way to it. */
interface Grown {
  readonly root: Planted
  readonly cids: readonly Cid[]
}

function grow(memory: MemoryBlocks, random: Random): Grown {
  const cids: Cid[] = []
  const note = (planted: Planted) => {
    if (memory.get(planted.cid) !== null) cids.push(planted.cid)
    return planted
  }
  const leaf = (): Planted => {
    const bytes = noise(random.pick([0, 1, 3, 7, 52]), random.whole(1, 1_000))
    const kinds = [plantRaw, plantLeaf, plantDatedLeaf]
    return random.chance(0.1) ? inlineLeaf(bytes) : note(random.pick(kinds)(memory, bytes))
  }
  /** The bytes of a node that is there, as raw. */
  const twin = (): Planted => {
    const cid = cids.at(-1)
    const block = cid === undefined ? null : memory.get(cid)
    return block === null ? leaf() : note(plantRaw(memory, block))
  }
  const node = (depth: number): Planted => {
    if (depth === 0 || random.chance(0.25)) return leaf()
    const children: Planted[] = []
    for (let at = random.whole(0, 4); at > 0; at--) {
      const again = children.length > 0 && random.chance(0.1)
      const isTwin = random.chance(0.15)
      children.push(again ? random.pick(children) : isTwin ? twin() : node(depth - 1))
    }
    const told = children.map(({ size }) =>
      random.chance(0.08) ? random.pick([0, 0, size + 1, Math.max(0, size - 1)]) : size,
    )
    return note(
      plantNode(memory, children, {
        blockSizes: told,
        dated: random.chance(0.1),
        dataFirst: random.chance(0.1),
        ...(random.chance(0.1) ? { tsizes: [] } : {}),
      }),
    )
  }
  return { root: node(3), cids }
}

async function readHere(memory: MemoryBlocks, cid: Cid): Promise<Uint8Array | null> {
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [recorded(memory)], network, cacheBytes: 0 })
  try {
    const file = await openFile(cid, blocks, new ReadSession(), signal)
    const [bytes] = await file.readAll([{ offset: 0, length: file.size }], signal)
    return bytes ?? null
  } catch (error) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any other error fails here
    assert.equal((error as { code?: string }).code, 'content_unusable', String(error))
    return null
  }
}

describe(`${FILES} files of random shapes`, () => {
  it('are read as Kubo reads them, or refused', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    const rpc = kuboRpc(node)
    const random = randomFrom(15)
    const memory = new MemoryBlocks()
    const grown = Array.from({ length: FILES }, () => grow(memory, random))
    const cids = new Map(grown.flatMap((one) => one.cids).map((cid) => [cid.toString(), cid]))
    const blocks = [...cids.values()].flatMap((cid) => {
      const bytes = verifyBlock(cid, memory.get(cid) ?? noise(0))
      return bytes === null ? [] : [{ cid, bytes }]
    })
    const [first] = blocks
    assert.ok(first)
    await rpc.importCar((await encodeCar(first.cid, blocks)).bytes)
    let [same, refused] = [0, 0]
    for (const { root } of grown) {
      const bytes = await readHere(memory, root.cid)
      if (bytes === null) refused++
      else {
        const there = await rpc.cat(root.cid.toString())
        assert.ok(Buffer.from(bytes).equals(there), root.cid.toString())
        same++
      }
    }
    t.diagnostic(`${same} as Kubo, ${refused} refused`)
    assert.ok(same > FILES / 2 && refused > FILES / 20, `${same} as Kubo, ${refused} refused`)
  })
})
