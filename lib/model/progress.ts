// The steps of the main job, in order.

export const steps = ['scene', 'bands', 'ndvi', 'figure', 'publish'] as const
export type Step = (typeof steps)[number]
