// What POST /verify answers with: whether a published result comes out again, and what does not.

import type { ReadRange } from './bytes.ts'
import type { Json } from './json.ts'
import type { NdviResult, PublishableResult } from './result.ts'
import type { TransportSource } from './scene.ts'

/** One place where what was published is not what comes out. */
export interface Difference {
  /** Name of the file in the published directory; '' for the directory itself. */
  readonly file: string
  /** Where in it, as a JSON pointer (RFC 6901); '' for the whole file, whose values are CIDs. */
  readonly at: string
  /** null where nothing stands. */
  readonly published: Json
  readonly recomputed: Json
}

export interface PublishedDirectory {
  /** null where an item was given by itself. */
  readonly root: string | null
  /** CIDs by file name; empty where only an item was given. */
  readonly files: Readonly<Record<string, string>>
  /** Id of the item. */
  readonly item: string
  /** Name and version of what made it. */
  readonly software: string
}

/** What a fingerprint says of a file that was read unchecked, and of which version. */
export type ReadVerdict = TransportSource &
  (
    | { readonly status: 'confirmed'; readonly cid: string; readonly ranges: number }
    | {
        readonly status: 'refuted'
        readonly cid: string
        readonly ranges: number
        /** How many of the ranges the file does not hold. */
        readonly differing: number
        /** The first of them. */
        readonly first: readonly ReadRange[]
      }
    /** No fingerprint of this version is known here. */
    | { readonly status: 'unknown'; readonly reason: string }
  )

/**
 * The directory that was computed again is `root`, its files are `assets`. Of a result by `transport`, which cannot be
 * computed again, `root` is the published one, without assets.
 */
export interface Verification extends PublishableResult {
  /** null where nothing was computed again: `reads` tells what is known. */
  readonly reproduced: boolean | null
  /** By band (`red`, of several scenes `before.red`), of those that were read unchecked; absent where none was. */
  readonly reads?: Readonly<Record<string, ReadVerdict>>
  readonly published: PublishedDirectory
  /** The first of them, the numbers of the item before files; empty where all is the same. */
  readonly differs: readonly Difference[]
  readonly proof: NdviResult['proof']
}
