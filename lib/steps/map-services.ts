// What a process has open for maps and points, and what opening takes.

import type { Shelf } from '../async/shelf.ts'
import type { Cog } from '../cog/cog.ts'
import type { TileCache } from '../cog/tile-cache.ts'
import type { Crs } from '../geo/crs/crs.ts'
import type { VerifiedFile } from '../ipfs/file.ts'
import type { Scene } from '../model/scene.ts'
import type { AppliedRules } from './apply-rules.ts'
import type { ContentServices, FoundContent } from './find-content.ts'
import type { MapRaster } from './map-raster.ts'
import type { Bands, Sources } from './open-bands.ts'

/** What this process has open; lib/services.ts makes one. */
export interface OpenShelves {
  /** What requests stood for a moment ago. */
  readonly found: Shelf<FoundForMap>
  readonly scenes: Shelf<OpenedScene>
  readonly results: Shelf<OpenedResult>
  readonly tiles: TileCache
}

export interface MapServices extends ContentServices, Sources {
  readonly shelves: OpenShelves
  /** What is here already, for callers for whom nothing is fetched. */
  readonly ownBlocks: Sources['blocks']
}

/** A scene with what its bands are read by, before any of them is opened. */
export interface FoundForMap {
  readonly content: FoundContent
  /** Of everything that decides its pixels, and of how they are read. */
  readonly id: string
  /** Whether the same request stands for the same pixels for ever. */
  readonly isFixed: boolean
  readonly warnings: readonly string[]
}

export interface OpenedScene extends MapRaster {
  readonly scene: Scene
  readonly bands: Bands
  readonly crs: Crs
  readonly applied: AppliedRules
  /**
   * Whoever reads the bands waits for it before it tells what it read.
   *
   * @throws {GreenprintError} `source_changed` where another file lies at the address of a fingerprint by now
   */
  readonly checkUnchanged: () => Promise<void>
  readonly warnings: readonly string[]
}

/** The raster of a published directory. */
export interface OpenedResult extends MapRaster {
  readonly cog: Cog
  readonly file: VerifiedFile
  /** What its values are. */
  readonly quantity: 'ndvi' | 'difference'
}
