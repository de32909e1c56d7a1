// The steps of the main jobs, in order.

export const steps = ['scene', 'fingerprint', 'bands', 'ndvi', 'figure', 'publish'] as const
export type Step = (typeof steps)[number]

/** What was read so far, of all files of a step together. */
export interface ReadSoFar {
  readonly bytes: number
  /** Verified blocks; absent where whole files are read, which have none yet. */
  readonly blocks?: number
  /** Blocks by who served them. */
  readonly sources?: Readonly<Record<string, number>>
}

/**
 * Told when a step begins, and how far it is where that is known.
 *
 * @param share 0 to 1
 */
export type Tell = (step: Step, share?: number, read?: ReadSoFar) => void
