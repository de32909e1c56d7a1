// Where the sample is: part of Manaus, as its item says.

import type { Box } from './area.ts'

/** Degrees; a test compares it with the item. */
export const sampleBounds: Box = [-60.009106, -3.2076826, -59.7792951, -3.0801639]
