// A CAR as its receiver would check it: it holds the whole DAG under its root, and nothing else.

import { GreenprintError } from '../../lib/errors.ts'
import { type CarBlock, decodeCar } from '../../lib/ipld/car.ts'
import { type Cid, inlineContent } from '../../lib/ipld/cid.ts'
import { linksOf } from '../../lib/ipld/unixfs.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'

/**
 * Reads the CAR anew and checks it as its receiver would.
 *
 * @throws {GreenprintError} `car_invalid` saying which block is wrong, missing, double or foreign
 */
export async function validateCar(car: Uint8Array<ArrayBuffer>, root: Cid): Promise<void> {
  const { roots, blocks } = await decodeCar(car)
  if (roots.length !== 1) throw invalid(`has ${roots.length} roots instead of one`)
  if (roots[0]?.equals(root) !== true) {
    throw invalid(`has the root ${String(roots[0])} instead of ${root.toString()}`)
  }
  const links = new Map<string, readonly Cid[]>()
  for (const block of blocks) {
    const name = block.cid.toString()
    if (links.has(name)) throw invalid(`holds block ${name} twice`)
    links.set(name, checkedLinks(block))
  }
  const reached = reach(root, links)
  for (const name of links.keys()) {
    if (!reached.has(name)) throw invalid(`holds block ${name}, to which nothing leads`)
  }
}

function checkedLinks({ cid, bytes }: CarBlock): readonly Cid[] {
  const name = cid.toString()
  const block = verifyBlock(cid, bytes)
  if (block === null) throw invalid(`holds bytes under ${name} that do not hash to it`)
  try {
    return linksOf(cid, block)
  } catch (cause) {
    throw invalid(`holds block ${name}, which cannot be decoded`, cause)
  }
}

function reach(root: Cid, links: ReadonlyMap<string, readonly Cid[]>): ReadonlySet<string> {
  const reached = new Set<string>()
  const ahead = [root]
  for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
    const name = cid.toString()
    // A CID that carries its own content needs no block.
    if (reached.has(name) || inlineContent(cid) !== null) continue
    const children = links.get(name)
    if (children === undefined) throw invalid(`lacks block ${name}`)
    reached.add(name)
    ahead.push(...children)
  }
  return reached
}

function invalid(what: string, cause?: unknown): GreenprintError {
  return new GreenprintError('car_invalid', `The CAR ${what}.`, { cause })
}
