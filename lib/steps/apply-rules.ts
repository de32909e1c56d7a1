// What the rules of a scene come to once its files are open: which numbers have no value, and the others' scale.

import type { LinearScale, Radiometry } from '../model/radiometry.ts'
import type { Product, Scene } from '../model/scene.ts'
import type { BandRules, NdviRules } from '../pixels/ndvi.ts'
import { applyRadiometry } from '../products/applied-radiometry.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import type { Rules } from './choose-rules.ts'
import type { Bands, OpenBand } from './open-bands.ts'

/** What the rules come to with what the files themselves say. */
export interface AppliedRules {
  /** For every pixel. */
  readonly pixels: NdviRules
  readonly radiometry: Radiometry
  /** What is set aside, for the reply and the published item. */
  readonly mask: readonly string[]
  readonly warnings: readonly string[]
}

export function applyRules(
  { red, nir }: Bands,
  { radiometry: rule, masking }: Rules,
  { product }: Scene,
): AppliedRules {
  const dtypes = { red: red.cog.dtype, nir: nir.cog.dtype }
  const { radiometry, warnings } = applyRadiometry(rule, dtypes)
  const pixels: NdviRules = {
    red: bandRules(red, radiometry.red, product),
    nir: bandRules(nir, radiometry.nir, product),
    // Without a scale the sum is a whole number: any above zero can be divided by.
    minimumDenominator: rule.applied === 'none' ? Number.MIN_VALUE : 1e-6,
  }
  const scaling = [...scaleWarnings(red, radiometry.red), ...scaleWarnings(nir, radiometry.nir)]
  return {
    pixels,
    radiometry,
    mask: maskOf(pixels, masking),
    warnings: [...warnings, ...scaling],
  }
}

/** The item names the scale, so that an id is known before a file is opened: what the file says is told alone. */
function scaleWarnings({ asset, cog }: OpenBand, applied: LinearScale): string[] {
  const { scale: own } = cog
  if (own === null || (own.scale === 1 && own.offset === 0)) return []
  const isNear = (one: number, other: number) => Math.abs(one - other) <= 1e-6 * Math.abs(one)
  if (isNear(own.scale, applied.scale) && isNear(own.offset, applied.offset)) return []
  const told = ({ scale, offset }: LinearScale) => `${scale} and offset ${offset}`
  return [
    `asset "${asset.key}": its file names the scale ${told(own)}, and ${told(applied)} are applied; to have the file's, give them in the item (raster:bands)`,
  ]
}

function bandRules(
  { asset, cog }: OpenBand,
  scale: Radiometry['red'],
  product: Product,
): BandRules {
  // A product's own numbers are integers; floats of it are somebody's reflectances, where 0 is a value.
  const productFill = cog.dtype.startsWith('float') ? null : product.fill
  const fill = [cog.nodata, asset.nodata ?? null, productFill].filter((value) => value !== null)
  const saturates = product.saturates && cog.dtype === 'uint16'
  return { ...scale, fill: [...new Set(fill)], saturation: saturates ? 65535 : null }
}

function maskOf({ red, nir }: NdviRules, masking: MaskChoice | null): string[] {
  const saturation = [red.saturation, nir.saturation, masking?.rules.saturated[0] ?? null]
  const saturates = saturation.some((value) => value !== null)
  return ['fill', ...(saturates ? ['saturation'] : []), ...(masking?.applied ?? [])]
}
