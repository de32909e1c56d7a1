// How fast scenes are composed, for those who plan for it; it loads nothing of what composes them.

/**
 * Pixels of all scenes together that a worker composes in a second where every file comes over the network: of files at
 * hand ten times as many (bench part `composite`).
 */
export const PIXELS_PER_SECOND = 2_000_000
/** Less is soon done again: its rows are not kept for another worker. */
export const LONG_WORK = PIXELS_PER_SECOND * 60
