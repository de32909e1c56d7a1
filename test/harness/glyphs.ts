// Which characters the figure's lettering has.

import { outlineText, type Weight } from '../../lib/figure/text.ts'

/** Whether a character is drawn as itself, and not as the box of what was not baked. */
export function hasGlyph(character: string, weight: Weight = 'regular'): boolean {
  return outlineText(character, weight) !== outlineText('\u{1f331}', weight)
}
