// The stores of this deployment, which are asked for a block before anybody else.

import { anySignal } from '../async/deadline.ts'
import type { Cid } from '../ipld/cid.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { askSource } from './hedged-request.ts'
import type { ReadSession } from './read-session.ts'
import type { BlockSource, Served } from './source.ts'
import { outrun } from './source-health.ts'
import type { BlockKind } from './store-gaps.ts'

export interface OwnSource extends BlockSource {
  /** Whether it came with the software: it is asked before those that a request goes to. */
  readonly isAtHand?: boolean
  /** What is never put there, so that it is not asked for it. */
  readonly lacks?: readonly BlockKind[]
  /** Whether it has parts of files whose root another store has. */
  readonly keepsParts?: boolean
  /** Where it can be written: what it holds damaged is replaced when a good block comes. */
  readonly put?: (cid: Cid, block: VerifiedBytes, signal: AbortSignal) => Promise<void>
}

interface Wanted {
  readonly cid: Cid
  readonly kind: BlockKind
  readonly session: Pick<ReadSession, 'gaps'>
}

/**
 * The block from the first store that has it, in their order but for what is at hand; null where none does. A root is
 * asked of all others at once: most files are in none of them or in one alone, and which of them lack it is known for
 * the rest of the file then. Those after the one that has it are not waited for.
 *
 * @param misses gets the failures of stores that do not just lack it
 * @throws what a store failed by that is no SourceFailure, where no other has the block
 */
export async function fromOwn(
  own: readonly OwnSource[],
  { cid, kind, session: { gaps } }: Wanted,
  misses: SourceFailure[],
  signal: AbortSignal,
): Promise<Served | null> {
  const asked = own.filter(
    ({ name, lacks = [] }) => !lacks.includes(kind) && !gaps.lacks(name, kind),
  )
  const { atHand = [], far = [] } = Object.groupBy(asked, ({ isAtHand = false }) =>
    isAtHand ? 'atHand' : 'far',
  )
  const oneByOne = (sources: readonly OwnSource[]) => sources.map((source) => [source])
  const rounds = [...oneByOne(atHand), ...(kind === 'root' ? [far] : oneByOne(far))]
  for (const sources of rounds) {
    signal.throwIfAborted()
    const { held, absent, failures, faults } = await firstOf(sources, cid, signal)
    misses.push(...failures)
    for (const { name, keepsParts } of absent) {
      if (held === null || keepsParts !== true) gaps.note(name, kind)
    }
    if (held !== null) return held
    if (faults.length > 0) throw faults[0]
  }
  return null
}

/** What was answered up to the first of the sources that has the block; the others are told to stop. */
async function firstOf(sources: readonly OwnSource[], cid: Cid, signal: AbortSignal) {
  const absent: OwnSource[] = []
  const failures: SourceFailure[] = []
  const faults: unknown[] = []
  let held: Served | null = null
  const over = new AbortController()
  const both = anySignal([signal, over.signal])
  const blocks = sources.map((source) => askSource(source, cid, both))
  for (const block of blocks) block.catch(() => undefined)
  for (const [at, source] of sources.entries()) {
    try {
      held = { block: await blocks[at]!, source: source.name }
      break
    } catch (error) {
      if (!(error instanceof SourceFailure)) faults.push(error)
      else if (error.kind !== 'absent') failures.push(error)
      else absent.push(source)
    }
  }
  over.abort(outrun)
  return { held, absent, failures, faults }
}
