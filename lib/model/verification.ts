// What POST /verify answers with: whether a published result comes out again, and what does not.

import type { Json } from './json.ts'
import type { NdviResult, PublishableResult } from './result.ts'

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

/** The directory that was computed again is `root`, its files are `assets`. */
export interface Verification extends PublishableResult {
  readonly reproduced: boolean
  readonly published: PublishedDirectory
  /** The first of them, the numbers of the item before files; empty where all is the same. */
  readonly differs: readonly Difference[]
  readonly proof: NdviResult['proof']
}
