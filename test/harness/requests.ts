// A request as a caller makes it who says nothing but what a test is about, without its item or search.

import type { NdviRequest } from '../../lib/model/request.ts'

/** Computes nothing beyond the figure and its item. */
export const plainRequest = {
  scale: 'auto',
  mask: [],
  max_size: 1024,
  colormap_name: 'rdylgn',
  rescale: [-1, 1],
  outputs: ['figure', 'item'],
} as const satisfies NdviRequest
