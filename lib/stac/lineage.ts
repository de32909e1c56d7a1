// What every pixel of a result goes through, in numbers for who computes it again and in words for who reads.

import type { Grid } from '../model/grid.ts'
import type { MaskRules } from '../model/mask.ts'
import type { Radiometry } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'

/** Of one band, beside its scale. Numbers that JSON lacks are text, as STAC writes them: `nan`. */
export type BandPixelRules = {
  readonly scale: number
  readonly offset: number
  /** As GDAL names types: `uint16`. */
  readonly data_type: string
  /** No observation, beside NaN and infinities. */
  readonly fill: readonly (number | string)[]
  /** Whether the file has a mask or alpha band of its own: what it leaves out is fill too. */
  readonly file_mask?: true
  /** A saturated detector; null where no number means that. */
  readonly saturation: number | null
}

export type PixelRules = {
  readonly red: BandPixelRules
  readonly nir: BandPixelRules
  /** Of the quality band; absent where none is read. */
  readonly qa?: MaskRules & Pick<BandPixelRules, 'file_mask'>
  /** A smaller sum of both reflectances has no value. */
  readonly minimum_denominator: number
  readonly clip: readonly [number, number]
}

interface Told {
  readonly scene: Scene
  readonly grid: Grid
  readonly rules: PixelRules
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
}

export function lineageOf({ scene, grid, rules, radiometry, mask }: Told): string {
  const level = grid.level === 0 ? 'full resolution' : `overview level ${grid.level}`
  const [red, nir] = [bandName(scene.red), bandName(scene.nir)]
  const classes = mask.filter((name) => name !== 'fill' && name !== 'saturation')
  const aside = [
    `fill (A: ${listed(rules.red)}; B: ${listed(rules.nir)})`,
    ...(mask.includes('saturation') ? ['saturation (65535, and what the quality band tells)'] : []),
    ...(classes.length === 0 || scene.qa === null
      ? []
      : [`${classes.join(', ')} by asset ${bandName(scene.qa)}, and its own fill`]),
    rules.minimum_denominator < 1e-300
      ? 'a sum of A and B that is not above 0'
      : `reflectances whose sum is below ${rules.minimum_denominator}`,
  ]
  return `NDVI of red (A = asset ${red}) and near infrared (B = asset ${nir}) of ${scene.id} at ${level}. ${radiometry.reason} Without a value: ${aside.join('; ')}. Clipped to [-1, 1].${isVerified(scene) ? '' : ' Not verified: files were read over TLS, without a CID to check them against.'}`
}

/** Whether every band was read by its content; the quality band, where one is read, is of the scene. */
export function isVerified({ red, nir, qa }: Scene): boolean {
  return [red, nir, qa].every((band) => band?.transport === undefined)
}

function bandName({ key, band }: Scene['red']): string {
  return band === null ? key : `${key}, band ${band}`
}

function listed({ fill, file_mask }: BandPixelRules): string {
  return [
    ...fill.map(String),
    ...(fill.includes('nan') ? [] : ['nan']),
    ...(file_mask === true ? ["the file's own mask"] : []),
  ].join(', ')
}
