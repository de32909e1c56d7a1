// What every pixel went through, and which pixels were read, as the published item says.

import type { JsonObject } from '../model/json.ts'
import type { BandRules } from '../pixels/ndvi.ts'
import type { Selection } from '../pixels/selection.ts'
import type { Window } from '../pixels/window.ts'
import { withNodata } from '../products/mask-rules.ts'
import type { BandPixelRules, PixelRules } from '../stac/lineage.ts'
import type { AppliedRules } from './apply-rules.ts'
import type { Rules } from './choose-rules.ts'
import type { Bands, OpenBand } from './open-bands.ts'

export function describeRules(
  bands: Bands,
  { masking }: Rules,
  { pixels }: AppliedRules,
): PixelRules {
  const { red, nir, minimumDenominator } = pixels
  return {
    red: describeBand(red, bands.red),
    nir: describeBand(nir, bands.nir),
    ...(masking === null || bands.qa === null
      ? {}
      : { qa: { ...withNodata(masking, bands.qa.cog.nodata), ...ownMask(bands.qa) } }),
    minimum_denominator: minimumDenominator,
    clip: [-1, 1],
  }
}

function describeBand(rules: BandRules, band: OpenBand): BandPixelRules {
  const { scale, offset, fill, saturation } = rules
  return {
    scale,
    offset,
    data_type: band.cog.dtype,
    fill: fill.map(jsonNumber),
    ...ownMask(band),
    saturation,
  }
}

function ownMask({ cog }: OpenBand): Pick<BandPixelRules, 'file_mask'> {
  return cog.levels[0].masks.length > 0 ? { file_mask: true } : {}
}

function jsonNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}

/**
 * Rows and columns of the level that was read, of which every `step`th was taken, from the middle of the first step;
 * where a quality band is read, its level.
 */
export function describeWindow(
  { grid, row, col, rows, cols, step }: Window,
  { qa }: Selection,
): JsonObject {
  const quality = qa === null ? {} : { qa_level: qa.placement.number }
  return { level: grid.level, row, col, rows, cols, step, ...quality }
}
