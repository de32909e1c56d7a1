// Memory that is given back at once, and not when garbage is collected.

/**
 * Whoever owns memory and is done with it frees it: V8 counts what lies outside of its heap, and marks all of the heap
 * again for every few ten megabytes. Nothing that lies over it can be read any more. Small pieces stay: they lie
 * together in node's pool of buffers, and weigh little; so does what threads share, which cannot be taken from one.
 */
export function freeMemory(memory: ArrayBufferLike): void {
  if (memory instanceof SharedArrayBuffer || memory.detached) return
  if (memory.byteLength > Buffer.poolSize) memory.transfer(0)
}
