// Why a result has no valid pixel: the likely cause, and what to do about it.

import type { Statistics } from '../model/statistics.ts'
import type { AppliedRules } from './apply-rules.ts'

export const NO_PIXEL_CENTRE =
  'the geometry contains no pixel centre: nothing is counted; ask for a larger one or a finer grid'

/** No warning where there is a valid pixel. */
export function explainEmpty(
  { valid_count, total_count, invalid }: Statistics,
  { pixels, radiometry, mask }: AppliedRules,
): string[] {
  if (valid_count > 0) return []
  if (total_count === 0) return [NO_PIXEL_CENTRE]
  const { fill, saturation, denominator } = invalid
  const most = Math.max(...Object.values(invalid))
  if (fill === most) {
    const numbers = [...new Set([...pixels.red.fill, ...pixels.nir.fill])].join(', ')
    return [
      `no pixel is valid: ${fill} of ${total_count} are fill (${numbers === '' ? 'NaN' : numbers}): the area lies where the scene has no data`,
    ]
  }
  if (denominator === most) {
    return [
      `no pixel is valid: the reflectances of ${denominator} of ${total_count} sum to less than ${pixels.minimumDenominator} by the scale "${radiometry.applied}" (red ${radiometry.red.scale}, ${radiometry.red.offset}): it is probably not the scale of these numbers; ask for another, or "scale": "none"`,
    ]
  }
  if (saturation === most) {
    return [`no pixel is valid: ${saturation} of ${total_count} are saturated`]
  }
  const classes = mask.filter((name) => name !== 'fill' && name !== 'saturation').join(', ')
  return [
    `no pixel is valid: ${invalid.mask} of ${total_count} are masked (${classes}); ask for fewer classes or another scene`,
  ]
}
