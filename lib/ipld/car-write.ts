// A planned CAR as bytes, from any of them on.

import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { carSectionHead } from './car.ts'
import type { Cid } from './cid.ts'
import type { GetBlock } from './directory.ts'

export interface PlannedBlock {
  readonly cid: Cid
  /** Bytes of the block. */
  readonly length: number
}

/** Reads all of these, in their order. */
export type ReadAll = (
  blocks: readonly PlannedBlock[],
  read: GetBlock,
  signal: AbortSignal,
) => AsyncIterable<readonly [block: PlannedBlock, bytes: VerifiedBytes]>

export interface PlannedCar {
  readonly header: Uint8Array<ArrayBuffer>
  /** In their order. */
  readonly blocks: readonly PlannedBlock[]
  readonly read: GetBlock
}

/** @throws {GreenprintError} `content_unusable` for a block of another length; what reading throws */
export async function* writeCar(
  { header, blocks, read }: PlannedCar,
  { from, readAll }: { readonly from: number; readonly readAll: ReadAll },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let at = header.length
  if (at > from) yield header.subarray(from)
  const wanted: PlannedBlock[] = []
  let skipped = at
  for (const block of blocks) {
    const end = skipped + sectionLength(block)
    if (end > from) wanted.push(block)
    else at = end
    skipped = end
  }
  for await (const [{ cid, length }, bytes] of readAll(wanted, read, signal)) {
    signal.throwIfAborted()
    if (bytes.length !== length) throw wrongLength(cid, bytes.length, length)
    for (const part of [carSectionHead(cid, length), bytes]) {
      if (at + part.length > from) yield part.subarray(Math.max(0, from - at))
      at += part.length
    }
  }
}

/** One block in memory at a time. */
export async function* oneByOne(
  blocks: readonly PlannedBlock[],
  read: GetBlock,
): AsyncGenerator<readonly [PlannedBlock, VerifiedBytes]> {
  for (const block of blocks) yield [block, await read(block.cid)] as const
}

export function sectionLength({ cid, length }: PlannedBlock): number {
  return carSectionHead(cid, length).length + length
}

function wrongLength(cid: Cid, length: number, claimed: number): GreenprintError {
  const message = `${cid.toString()} has ${length} bytes where its parent claims ${claimed}.`
  return new GreenprintError('content_unusable', message)
}
