// Memory for whoever writes all of it.

/**
 * Not cleared, which costs as much as it does to read a file: what stands in it is whatever the process had there, so
 * nothing of it may be handed out that was not written.
 */
export function unwrittenMemory(bytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer)
}
