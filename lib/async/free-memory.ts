// Memory that is given back at once, and not when garbage is collected.

/** Less weighs little, and takes longer to free than to leave. */
const SMALL_BYTES = 8 * 1024

/**
 * Whoever owns memory and is done with it frees it: V8 counts what lies outside of its heap, and marks all of the heap
 * again for every few ten megabytes. Nothing that lies over it can be read any more. What is small stays, what may be
 * node's pool of small buffers, and what threads share, which cannot be taken from one.
 */
export function freeMemory(memory: ArrayBufferLike): void {
  if (memory instanceof SharedArrayBuffer || memory.detached) return
  if (memory.byteLength < SMALL_BYTES || memory.byteLength === Buffer.poolSize) return
  memory.transfer(0)
}
