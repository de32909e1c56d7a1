// The stores of this deployment, which are asked for a block before anybody else.

import type { Cid } from '../ipld/cid.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { askSource } from './hedged-request.ts'
import type { ReadSession } from './read-session.ts'
import type { BlockSource, Served } from './source.ts'
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
 * asked of all others at once: most files are in none of them or in one alone, and which that is is known for the rest
 * of the file then.
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
    const blocks = sources.map((source) => askSource(source, cid, signal))
    const answers = await Promise.allSettled(blocks)
    const faults: unknown[] = []
    const absent: OwnSource[] = []
    let held: Served | null = null
    for (const [at, { name: source }] of sources.entries()) {
      const answer = answers[at]!
      if (answer.status === 'fulfilled') held ??= { block: answer.value, source }
      else if (!(answer.reason instanceof SourceFailure)) faults.push(answer.reason)
      else if (answer.reason.kind !== 'absent') misses.push(answer.reason)
      else absent.push(sources[at]!)
    }
    for (const { name, keepsParts } of absent) {
      if (held === null || keepsParts !== true) gaps.note(name, kind)
    }
    if (held !== null) return held
    if (faults.length > 0) throw faults[0]
  }
  return null
}
