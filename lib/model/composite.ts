// What a composite is made by: per pixel, of all observations of a search.

/** What the values of a pixel come to. */
export const compositeMethods = ['max_ndvi', 'median', 'latest_valid'] as const
export type CompositeMethod = (typeof compositeMethods)[number]
