// UnixFS directories, plain and sharded alike: one entry by its name, or all of them, with the blocks that prove it.

import { GreenprintError } from '../errors.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import { type Cid, inlineContent } from './cid.ts'
import type { DagBlock } from './dag-block.ts'
import { decodeShard, type Shard, slotPath } from './hamt.ts'
import { type DirectoryEntry, decodeDirectory, isDirectory } from './unixfs.ts'

export type GetBlock = (cid: Cid) => Promise<VerifiedBytes>

export interface FoundEntry {
  /** null when the directory has no such entry. */
  readonly cid: Cid | null
  /** The directory's own block and the shards on the way: they prove where the entry leads, or that there is none. */
  readonly nodes: readonly DagBlock[]
}

/** One block of a directory, with the entries that it holds itself. */
export interface DirectoryNode extends DagBlock {
  readonly entries: readonly DirectoryEntry[]
}

/**
 * Looks a name up. Symlinks are entries like any other.
 *
 * @throws {GreenprintError} `content_unusable` when `directory` is not a directory, or one of its shards is invalid
 */
export async function findEntry(directory: Cid, name: string, get: GetBlock): Promise<FoundEntry> {
  const bytes = await get(directory)
  const nodes: DagBlock[] = [{ cid: directory, bytes }]
  const entries = plainEntries(directory, bytes)
  if (entries !== null) {
    return { cid: entries.find((entry) => entry.name === name)?.cid ?? null, nodes }
  }
  const path = await slotPath(name)
  for (let shard = decodeShard(directory, bytes); ; ) {
    const slot = path.next(shard.bits)
    const found = slot === null ? undefined : shard.slots.get(slot)
    if (found === undefined || found.name !== null) {
      return { cid: found?.name === name ? found.cid : null, nodes }
    }
    refuseInline(found.cid)
    const child = { cid: found.cid, bytes: await get(found.cid) }
    nodes.push(child)
    shard = decodeShard(child.cid, child.bytes)
  }
}

/**
 * Every block of a directory itself, depth first, with the entries in it; nothing below the entries is read.
 *
 * @throws {GreenprintError} `content_unusable` as `findEntry`
 */
export async function* walkDirectory(
  directory: Cid,
  get: GetBlock,
): AsyncGenerator<DirectoryNode, void, void> {
  const bytes = await get(directory)
  const entries = plainEntries(directory, bytes)
  if (entries === null) yield* walkShard(directory, bytes, get, 0)
  else yield { cid: directory, bytes, entries }
}

async function* walkShard(
  cid: Cid,
  bytes: VerifiedBytes,
  get: GetBlock,
  usedBits: number,
): AsyncGenerator<DirectoryNode, void, void> {
  const shard = decodeShard(cid, bytes)
  const used = usedBits + shard.bits
  if (used > 64) throw tooDeep(cid)
  yield { cid, bytes, entries: entriesOf(shard) }
  for (const { cid: child, name } of shard.slots.values()) {
    if (name !== null) continue
    refuseInline(child)
    yield* walkShard(child, await get(child), get, used)
  }
}

function entriesOf({ slots }: Shard): DirectoryEntry[] {
  return [...slots.values()].flatMap(({ name, cid }) => (name === null ? [] : [{ name, cid }]))
}

/** null for a sharded directory. */
function plainEntries(cid: Cid, bytes: VerifiedBytes): readonly DirectoryEntry[] | null {
  refuseInline(cid)
  const entries = decodeDirectory(cid, bytes)
  if (entries === null && !isDirectory(cid, bytes)) {
    throw new GreenprintError('content_unusable', `${cid.toString()} is not a directory.`)
  }
  return entries
}

/**
 * What a path leads through is a block of its own. No importer puts a directory or a document into a CID, where a
 * caller can make one up that costs no request; `ipfs add --inline` does so with symlinks.
 *
 * @throws {GreenprintError} `content_unusable` for a CID that carries its content itself
 */
export function refuseInline(cid: Cid): void {
  if (inlineContent(cid) === null) return
  const message = `${cid.toString()} carries its content itself; a path leads through blocks of their own alone.`
  throw new GreenprintError('content_unusable', message)
}

function tooDeep(cid: Cid): GreenprintError {
  const message = `The shard ${cid.toString()} lies deeper than a name's hash reaches.`
  return new GreenprintError('content_unusable', message)
}
