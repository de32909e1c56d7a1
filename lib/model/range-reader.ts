// Ranges of one file at one address, over HTTPS or from S3.

/** Told a range as it comes: its front up to now, which stays as it is. */
export type FrontListener = (front: Uint8Array<ArrayBuffer>) => void

/** Reads exactly what was asked for, or throws; what it reads is not checked by anybody yet. */
export interface RangeReader {
  /** For proofs and errors: the origin alone. */
  readonly name: string
  /** Exactly `length` bytes from `offset`. @throws {SourceFailure} */
  read(
    offset: number,
    length: number,
    signal: AbortSignal,
    onFront?: FrontListener,
  ): Promise<Uint8Array<ArrayBuffer>>
  /** The whole file when it has at most `maxBytes`. @throws {SourceFailure} */
  readWhole(maxBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}
