// How pixels of one grid come from those of another.

export const resamplings = ['nearest', 'bilinear'] as const
export type Resampling = (typeof resamplings)[number]
