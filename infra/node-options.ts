// How Node is started in every function.

/**
 * V8's young generation grows for as long as a process runs, by default to three times 16 MiB or more, and is no faster
 * for it. The image and `npm start` have the same, and `--heap-growing-percent=100` besides. Node refuses that one
 * here, and where it is set once a process runs, Node compiles its own modules anew that load afterwards: 6 ms for http
 * and zlib alone.
 */
export const nodeOptions = '--max-semi-space-size=8'
