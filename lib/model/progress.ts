// The steps of the main jobs, in order.

export const steps = ['scene', 'fingerprint', 'bands', 'ndvi', 'figure', 'publish'] as const
export type Step = (typeof steps)[number]

/**
 * Told when a step begins, and how far it is where that is known.
 *
 * @param share 0 to 1
 * @param bytes read so far, of a step that reads whole files
 */
export type Tell = (step: Step, share?: number, bytes?: number) => void
