// The two shelves of what was made here, and under which keys of the store each has what.

import type { Cid } from '../ipld/cid.ts'
import type { ObjectStore } from '../store/objects.ts'
import { PUBLISHED } from '../store/visitors.ts'
import { KeptBlocks } from './kept-blocks.ts'

/** `made` is forgotten after a month, `published` stays. */
export type ShelfName = 'made' | 'published'

export interface Shelves {
  readonly objects: ObjectStore
  readonly blocks: Readonly<Record<ShelfName, KeptBlocks>>
}

export function openShelves(objects: ObjectStore): Shelves {
  const made = new KeptBlocks(objects, 'blocks')
  const published = new KeptBlocks(objects, `${PUBLISHED}/blocks`)
  return { objects, blocks: { made, published } }
}

/** Of a file of more than one block that nobody published. */
export function madeFileKey(file: Cid): string {
  return `files/${file.toV1().toString()}`
}

/** Of a file of a published directory: all that readers of the bucket need to know. */
export function publishedFileKey(root: Cid, name: string): string {
  return `${PUBLISHED}/${root.toString()}/${name}`
}

/** Where it is kept in which published directory a file of more than one block lies. */
export function publishedPlaceKey(file: Cid): string {
  return `${PUBLISHED}/files/${file.toV1().toString()}`
}
