// The address of content as it was asked for, and the walk along its path.

import { GreenprintError } from '../../errors.ts'
import { type Cid, inlineContent, parseCid, RAW } from '../../ipld/cid.ts'
import type { DagBlock } from '../../ipld/dag-block.ts'
import { cborLinkAt, DAG_CBOR } from '../../ipld/dag-cbor.ts'
import { findEntry, type GetBlock, refuseInline } from '../../ipld/directory.ts'
import { isDirectory } from '../../ipld/unixfs.ts'

export interface ContentPath {
  /** `/ipfs/<cid>[/path]` as in the address, percent-encoded. */
  readonly path: string
  readonly root: Cid
  /** The names below it, decoded. */
  readonly names: readonly string[]
  /** Whether it ends with a slash. */
  readonly slash: boolean
}

export interface Walked {
  /** One for the root and one for each name that leads somewhere: `X-Ipfs-Roots`. */
  readonly roots: readonly Cid[]
  /** The blocks that the walk went through; the end's own is not among them. */
  readonly nodes: readonly DagBlock[]
  /** null where a name leads nowhere: the nodes prove it. */
  readonly end: Cid | null
}

/** @throws {GreenprintError} `invalid_request` */
export function readContentPath(path: string): ContentPath {
  const [, , cidText = '', ...rest] = path.split('/')
  const names = rest.filter((name) => name !== '')
  const root = parseCid(decode(cidText, path))
  if (inlineContent(root) !== null && names.length > 0) {
    throw bad('A CID that carries its own content has no paths below it.')
  }
  return {
    path,
    root,
    names: names.map((name) => decode(name, path)),
    slash: rest.length > 0 && rest.at(-1) === '',
  }
}

/**
 * Walks through directories, plain and sharded, and through the links of DAG-CBOR documents.
 *
 * @throws {GreenprintError} `content_unusable` for a node that cannot be read, and what `get` throws
 */
export async function walkContentPath(
  { root, names }: ContentPath,
  get: GetBlock,
): Promise<Walked> {
  const roots = [root]
  const nodes: DagBlock[] = []
  let cid = root
  for (let ahead = names; ahead.length > 0; ) {
    const { found, rest, through } = await step(cid, ahead, get)
    nodes.push(...through)
    if (found === null) return { roots, nodes, end: null }
    roots.push(found)
    cid = found
    ahead = rest
  }
  return { roots, nodes, end: cid }
}

interface Step {
  readonly found: Cid | null
  readonly rest: readonly string[]
  readonly through: readonly DagBlock[]
}

async function step(cid: Cid, names: readonly string[], get: GetBlock): Promise<Step> {
  // A raw block on the way ends it, wherever it lies.
  if (cid.code !== RAW) refuseInline(cid)
  if (cid.code === DAG_CBOR) {
    const bytes = await get(cid)
    const link = await cborLinkAt(cid, bytes, names)
    return { found: link?.cid ?? null, rest: link?.rest ?? [], through: [{ cid, bytes }] }
  }
  const [name = '', ...rest] = names
  const bytes = await get(cid)
  if (!isDirectory(cid, bytes)) return { found: null, rest, through: [{ cid, bytes }] }
  const { cid: found, nodes } = await findEntry(cid, name, get)
  return { found, rest, through: nodes }
}

function decode(name: string, path: string): string {
  try {
    return decodeURIComponent(name)
  } catch (cause) {
    throw bad(`${path} is not a valid path.`, cause)
  }
}

function bad(message: string, cause?: unknown): GreenprintError {
  return new GreenprintError('invalid_request', message, { cause })
}
