// The page's typography: sizes, weights and greys, in one place.

import type { FitStyle } from './wrap.ts'

export const ink = {
  strong: '#111111',
  text: '#333333',
  soft: '#555555',
  faint: '#6b6b6b',
} as const
export const hairline = '#d4d4d4'

export const title: FitStyle = { weight: 'bold', sizes: [21, 20, 19, 18] }
export const subtitle: FitStyle = { weight: 'regular', sizes: [15, 14, 13] }
export const caption: FitStyle = { weight: 'regular', sizes: [12.5, 12] }
export const footer: FitStyle = { weight: 'regular', sizes: [11.5, 11, 10.5] }

/** At 14 px DejaVu's minus sign fills one row of pixels; at 13 it straddles two and turns grey. */
export const tickStyle = { size: 14, weight: 'regular' } as const
export const axisStyle = { size: 14, weight: 'regular' } as const
