// How the pixel values of a scene are read: their scale, and which pixels are invalid.

import type { Radiometry } from '../model/radiometry.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Product, Scene } from '../model/scene.ts'
import type { BandRules, NdviRules } from '../pixels/ndvi.ts'
import { chooseMask, type MaskChoice } from '../products/mask-rules.ts'
import { chooseRadiometry } from '../products/radiometry.ts'
import type { Bands, OpenBand } from './open-bands.ts'

/** What follows from the item and the request, before any file is opened. */
export interface Rules {
  readonly radiometry: Radiometry
  /** What is masked by the quality band; null when none is read. */
  readonly masking: MaskChoice | null
  readonly warnings: readonly string[]
}

/** @throws {GreenprintError} `radiometry_unknown`, `mask_unavailable` */
export function chooseRules(scene: Scene, { scale, mask }: NdviRequest): Rules {
  const { radiometry, warnings } = chooseRadiometry(scene, scale)
  const masking = chooseMask(scene, mask)
  return { radiometry, masking, warnings: [...warnings, ...(masking?.warnings ?? [])] }
}

/** The rules for every pixel, completed by what the files themselves say. */
export function ndviRules(
  { red, nir }: Bands,
  { radiometry }: Rules,
  { product }: Scene,
): NdviRules {
  const scaled = radiometry.applied !== 'none'
  return {
    red: bandRules(red, radiometry.red, product),
    nir: bandRules(nir, radiometry.nir, product),
    // Without a scale the sum is a whole number: any above zero can be divided by.
    minimumDenominator: scaled ? 1e-6 : Number.MIN_VALUE,
  }
}

function bandRules(
  { asset, cog }: OpenBand,
  scale: Radiometry['red'],
  product: Product,
): BandRules {
  const fill = new Set(
    [cog.nodata, asset.nodata ?? null, product.fill].filter((value) => value !== null),
  )
  const saturates = product.saturates && cog.dtype === 'uint16'
  return { ...scale, fill: [...fill], saturation: saturates ? 65535 : null }
}

/** Names of what is masked, for the reply and the published item. */
export function maskOf({ red, nir }: NdviRules, { masking }: Rules): string[] {
  const saturation = [red.saturation, nir.saturation, masking?.rules.saturated[0] ?? null]
  const saturates = saturation.some((value) => value !== null)
  return ['fill', ...(saturates ? ['saturation'] : []), ...(masking?.applied ?? [])]
}
