// From `ipfs://<cid>/<path>` to what it names: through directories, shards and symlinks, and never out of the root.

import { GreenprintError } from '../errors.ts'
import { type Cid, DAG_PB, parseCid, RAW } from '../ipld/cid.ts'
import { findEntry, type GetBlock, refuseInline } from '../ipld/directory.ts'
import { isDirectory, readSymlink } from '../ipld/unixfs.ts'
import type { VerifiedBytes } from '../model/bytes.ts'
import type { ContentReference } from '../model/scene.ts'
import type { Blocks } from './blocks.ts'
import { type OpenOptions, openFile, type VerifiedFile } from './file.ts'
import type { ReadSession } from './read-session.ts'

/** Linux follows 40. */
const MAX_SYMLINKS = 16
/** Names on the way, those of symlinks too. */
const MAX_STEPS = 256

/**
 * The CID under a path. A symlink on the way is followed, one at its end is returned as it is.
 *
 * @throws {GreenprintError} `not_found` when a directory has no such entry, `content_unusable` when the path leads
 *   through something that is not a sound directory, or out of the root, `content_unavailable` when a block of it
 *   cannot be had, `asset_unusable` when the reference names no CID
 */
export async function resolvePath(
  reference: ContentReference,
  blocks: Blocks,
  session: ReadSession,
  signal: AbortSignal,
): Promise<Cid> {
  const path = new PathWalk(reference, (cid) => blocks.get(cid, session, signal))
  await path.walk()
  return path.reached
}

/**
 * Opens the file under a path, behind symlinks too.
 *
 * @throws {GreenprintError} as `resolvePath` and `openFile`
 */
export async function openPath(
  reference: ContentReference,
  blocks: Blocks,
  session: ReadSession,
  signal: AbortSignal,
  options: OpenOptions = {},
): Promise<VerifiedFile> {
  const path = new PathWalk(reference, (cid) => blocks.get(cid, session, signal))
  for (;;) {
    await path.walk()
    try {
      return await openFile(path.reached, blocks, session, signal, options)
    } catch (error) {
      // Only now: nearly nothing at the end of a path is a symlink, and to look first costs a round trip.
      const isRefused = error instanceof GreenprintError && error.code === 'content_unusable'
      if (!isRefused || !(await path.follow())) throw error
    }
  }
}

class PathWalk {
  readonly #reference: ContentReference
  readonly #get: GetBlock
  /** Names still to go; null for the parent directory, which symlinks alone can name. */
  readonly #ahead: (string | null)[]
  /** From the root down to what is reached, which need not be a directory. */
  readonly #trail: [Cid, ...Cid[]]
  #symlinks = 0
  #steps = 0

  constructor(reference: ContentReference, get: GetBlock) {
    this.#reference = reference
    this.#get = get
    this.#ahead = reference.path.split('/').filter((name) => name !== '')
    this.#trail = [parseCid(reference.cid)]
  }

  get reached(): Cid {
    return this.#trail.at(-1) ?? this.#trail[0]
  }

  async walk(): Promise<void> {
    while (this.#ahead.length > 0) {
      const block = await this.#directoryBlock()
      // A symlink was reached, and its target is ahead now.
      if (block === null) continue
      if (++this.#steps > MAX_STEPS) throw this.#refuse(`has more than ${MAX_STEPS} names.`)
      const name = this.#ahead.shift() ?? null
      if (name === null) this.#goUp()
      else await this.#goDown(name, block)
    }
  }

  /** Puts the target of the symlink that was reached in its place; false when it is something else. */
  async follow(): Promise<boolean> {
    const symlink = this.reached
    if (symlink.code !== DAG_PB) return false
    const target = readSymlink(symlink, await this.#get(symlink))
    if (target === null) return false
    if (this.#trail.length === 1) throw this.#refuse('is a symlink that lies in no directory.')
    if (++this.#symlinks > MAX_SYMLINKS)
      throw this.#refuse(`leads through more than ${MAX_SYMLINKS} symlinks.`)
    if (target.startsWith('/'))
      throw this.#refuse(`leads out of its root by the symlink "${target.slice(0, 80)}".`)
    const names = target.split('/').filter((name) => name !== '' && name !== '.')
    this.#ahead.unshift(...names.map((name) => (name === '..' ? null : name)))
    this.#trail.pop()
    return true
  }

  /**
   * The block of the directory that was reached; null when it was a symlink, which is followed now.
   *
   * @throws {GreenprintError} `content_unusable` for anything else
   */
  async #directoryBlock(): Promise<VerifiedBytes | null> {
    const directory = this.reached
    if (directory.code === RAW) throw this.#noDirectory()
    if (directory.code !== DAG_PB) {
      const codec = `0x${directory.code.toString(16)}`
      throw this.#refuse(
        `leads through ${directory.toString()} of codec ${codec}; directories are dag-pb.`,
      )
    }
    const block = await this.#get(directory)
    if (isDirectory(directory, block)) {
      refuseInline(directory)
      return block
    }
    if (await this.follow()) return null
    throw this.#noDirectory()
  }

  async #goDown(name: string, block: VerifiedBytes): Promise<void> {
    const directory = this.reached
    const get: GetBlock = async (cid) => (cid === directory ? block : this.#get(cid))
    const { cid } = await findEntry(directory, name, get)
    if (cid === null) throw this.#notFound()
    this.#trail.push(cid)
  }

  #goUp(): void {
    if (this.#trail.length === 1) throw this.#refuse('leads out of its root by a symlink.')
    this.#trail.pop()
  }

  #notFound(): GreenprintError {
    const { cid, path } = this.#reference
    return new GreenprintError('not_found', `There is no ${path} under ${cid}.`)
  }

  #noDirectory(): GreenprintError {
    return this.#refuse(`leads through ${this.reached.toString()}, which is not a directory.`)
  }

  #refuse(what: string): GreenprintError {
    const { cid, path } = this.#reference
    return new GreenprintError('content_unusable', `ipfs://${cid}/${path} ${what}`)
  }
}
