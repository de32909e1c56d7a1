// How a request for a file proves who asks: an address with a signature, or headers for its host.

export interface SignedRequest {
  /** To be sent, and to be kept nowhere. */
  readonly url: string
  /** For the origin of `url` alone. */
  readonly headers: Readonly<Record<string, string>>
}

export interface Signer {
  /**
   * The request that reads the file at an address, signed where this deployment can sign for its host.
   *
   * @param refused what was refused before: a signature that is over, or one that came with the address
   * @throws {GreenprintError} `host_refused`
   * @throws {Error} where a signature is needed and cannot be had
   */
  sign(address: string, refused: SignedRequest | null, signal: AbortSignal): Promise<SignedRequest>
}
