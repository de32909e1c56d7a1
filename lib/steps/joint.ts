// A raster of several scenes as its steps hand it on: what it is made of, where it lies, and what came out.

import type { Footprint } from '../geo/footprint.ts'
import type { JointKind, JointScene, PixelSource } from '../model/joint.ts'
import type { JsonObject } from '../model/json.ts'
import type { NdviRequest } from '../model/request.ts'
import type { LeftOut } from '../model/series.ts'
import type { FileContent } from '../store/file-content.ts'
import type { DrawnBands, PlannedBand } from './draw-bands.ts'
import type { JointSource } from './joint-source.ts'
import type { OpenScene } from './open-scenes.ts'
import type { PictureGrids } from './picture-grids.ts'
import type { GridPlace } from './place-of-pixels.ts'
import type { JointRecipe } from './recipe-of-joint.ts'

/** A scene as it was read. */
export interface JointInput extends Omit<JointSource, 'content'> {
  readonly open: OpenScene
  /** The ground of its whole raster. */
  readonly covered: Footprint
  /** Where the item's own place cannot be right. */
  readonly placeWarning: string | null
  /** Rows and columns of its level that were read. */
  readonly window: JsonObject
  readonly pixels?: JointScene['pixels']
}

export interface JointPlace extends GridPlace {
  readonly pictures: PictureGrids
  /** Of placing the scenes. */
  readonly warnings: readonly string[]
}

export interface JointBand extends PlannedBand {
  /** In the reply and the item: `difference`. */
  readonly name: string
}

/** What is written for readers. */
export interface JointWords {
  readonly title: string
  /** Under the title of the figure. */
  readonly subtitle: string
  /** Of the figure, as FigureInput has it. */
  readonly footer: readonly string[]
  /** Beside the colour bar. */
  readonly quantity: string
  /** What a pixel is made of, for the item. */
  readonly lineage: string
  /** The same as gdal_calc.py computes it, where it can. */
  readonly expression?: string
}

/** A file beside the figure, the layer and the COG. */
export interface JointFile {
  readonly file: string
  readonly content: FileContent
  readonly roles: readonly string[]
  readonly title: string
  /** As STAC describes them. */
  readonly bands: readonly JsonObject[]
}

export interface Joint {
  readonly kind: JointKind
  readonly request: Pick<NdviRequest, 'colormap_name' | 'rescale' | 'outputs' | 'geometry'>
  readonly recipe: JointRecipe
  /** In the order of their roles. */
  readonly inputs: readonly JointInput[]
  readonly place: JointPlace
  /** Of the COG, in its order; the first is drawn. */
  readonly bands: readonly JointBand[]
  readonly drawn: DrawnBands
  readonly words: JointWords
  readonly others: readonly JointFile[]
  /** Scenes that were found and not used. */
  readonly leftOut?: readonly LeftOut[]
  readonly sources?: readonly PixelSource[]
  /** Why there is no pixel with a value, where there is none. */
  readonly warnings: readonly string[]
}
