// A whole file on its way to where it is kept: in memory, in a scratch file, or put together from parts.

export interface FileContent {
  /** Bytes. */
  readonly size: number
  /** The bytes in their order; it may be asked again. Throws the signal's reason between two pieces. */
  pieces(signal: AbortSignal): AsyncIterable<Uint8Array<ArrayBuffer>>
}

/** Where bytes are written, one piece after the other. */
export interface ByteSink {
  /** Takes the piece over: the caller does not change it afterwards, and waits before it gives the next. */
  append(piece: Uint8Array<ArrayBuffer>): Promise<void>
}

export function memoryContent(bytes: Uint8Array<ArrayBuffer>): FileContent {
  return {
    size: bytes.length,
    async *pieces(signal) {
      signal.throwIfAborted()
      yield bytes
    },
  }
}

/** The parts one after the other; nothing is copied. */
export function joinContents(parts: readonly FileContent[]): FileContent {
  return {
    size: parts.reduce((sum, { size }) => sum + size, 0),
    async *pieces(signal) {
      for (const part of parts) yield* part.pieces(signal)
    },
  }
}

/**
 * All bytes at once, for files that are known to be small.
 *
 * @throws {RangeError} when the pieces are not as long together as the file says it is
 */
export async function readContent(
  content: FileContent,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(content.size)
  let end = 0
  for await (const piece of content.pieces(signal)) {
    whole.set(piece, end)
    end += piece.length
  }
  if (end !== content.size) throw new RangeError(`a file of ${content.size} bytes came with ${end}`)
  return whole
}
