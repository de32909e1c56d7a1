// One of the scenes that a raster is made of, before any of its files is opened.

import type { ResolvedName } from '../model/scene.ts'
import type { FoundContent } from './find-content.ts'

export interface JointSource {
  /** What it is in the result: `before`. */
  readonly role: string
  readonly content: FoundContent
  /** Why this scene. */
  readonly chosen: string
  readonly names: readonly ResolvedName[]
}
