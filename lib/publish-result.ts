// Keeps a result's directory in our own store, and takes it from there to the publishers.

import { parseCid } from './cid/cid.ts'
import type { Published } from './jobs/published.ts'
import type { Results } from './jobs/results.ts'
import type { NdviResult, Publication } from './model/result.ts'
import { type PackedDirectory, unpackDirectory } from './publish/directory.ts'
import { type Publisher, publishParcel } from './publish/publisher.ts'
import type { BlockStore } from './ipfs/block-store.ts'

export interface Publishing {
  readonly store: BlockStore
  readonly results: Results
  readonly published: Published
  readonly publishers: readonly Publisher[]
  readonly publishMinimum: number
}

/** Puts every block into our own store, the root last: what has a root there is whole. */
export async function keepDirectory(
  { root, blocks }: PackedDirectory,
  store: BlockStore,
  signal: AbortSignal,
): Promise<void> {
  const below = blocks.filter((block) => !block.cid.equals(root))
  await Promise.all(below.map((block) => store.put(block.cid, block.bytes, signal)))
  const top = blocks.find((block) => block.cid.equals(root))
  if (top !== undefined) await store.put(root, top.bytes, signal)
}

export interface Wish {
  readonly pin: boolean
  /** Name of the token of who asks; null for nobody by name. */
  readonly by: string | null
}

/** The result with this id, published now if asked; null when it is unknown or its blocks are gone. */
export async function recall(
  id: string,
  { pin, by }: Wish,
  services: Publishing,
  signal: AbortSignal,
): Promise<NdviResult | null> {
  const known = await services.results.get(id, signal)
  if (known === null) return null
  const root = parseCid(known.root)
  if (pin) {
    const directory = await unpackDirectory(root, (cid) => services.store.get(cid, signal))
    return directory === null ? null : publishResult(known, directory, by, services, signal)
  }
  if ((await services.store.get(root, signal)) === null) return null
  return { ...known, publications: await services.results.publications(known.root, signal) }
}

/** Whether as many publishers hold it as are wanted, or there is none to ask. */
export function isPublished(
  { publications }: NdviResult,
  { publishers, publishMinimum }: Publishing,
): boolean {
  const held = publications.filter((publication) => publication.held)
  return held.length >= publishMinimum || publishers.length === 0
}

/** Hands the directory to publishers until enough hold it; those that hold it already are not asked again. */
export async function publishResult(
  result: NdviResult,
  directory: PackedDirectory,
  by: string | null,
  services: Publishing,
  signal: AbortSignal,
): Promise<NdviResult> {
  const earlier = await services.results.publications(result.root, signal)
  const held = earlier.filter((publication) => publication.held)
  const holders = new Set(held.map((publication) => publication.service))
  const others = services.publishers.filter((publisher) => !holders.has(publisher.name))
  const wanted = services.publishMinimum - held.length
  const made = wanted > 0 ? await publishParcel(directory, others, wanted, signal) : []
  const publications: readonly Publication[] = [...held, ...made]
  await services.results.putPublications(result.root, publications, signal)
  if (by !== null && made.length > 0) await services.published.note(by, result, made, signal)
  const holding = publications.filter((publication) => publication.held).length
  if (holding >= services.publishMinimum) return { ...result, publications }
  const warning = `published to ${holding} of the ${services.publishMinimum} services wanted; the result is kept here and can be published again`
  return { ...result, publications, warnings: [...result.warnings, warning] }
}
