// How Node is started in every function.

/**
 * V8's young generation grows for as long as a process runs, by default to three times 16 MiB or more, and is no faster
 * for it. The image and `npm start` have the same.
 */
export const nodeOptions = '--max-semi-space-size=8'
