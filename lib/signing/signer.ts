// How a request for a file proves who asks: an address with a signature, or headers for its host.

import type { Clock } from '../async/clock.ts'
import type { GatewayConfig } from '../config/addresses.ts'
import type { Http } from '../net/http.ts'
import { createSasTokens } from './azure-sas.ts'

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
   * @param address without a signature
   * @param refused what was refused before: its signature is over
   * @throws {Error} where a signature is needed and cannot be had
   */
  sign(address: string, refused: SignedRequest | null, signal: AbortSignal): Promise<SignedRequest>
}

/** For callers who may spend this deployment's credentials. */
export interface OwnSigner extends Signer {
  /** For all others: without headers of the configuration, with the tokens that anybody may have. */
  readonly forAnybody: Signer
}

/** Hosts of Azure's blobs, by account. */
const BLOBS = /^([a-z0-9]+)\.blob\.core\.windows\.net$/i

/** @param hosts origins with the headers that they are asked with */
export function createSigner(hosts: readonly GatewayConfig[], http: Http, clock: Clock): OwnSigner {
  const tokens = createSasTokens(http, clock)
  const headersFor = (origin: string) =>
    hosts.find(({ url }) => new URL(url).origin === origin)?.headers ?? null
  const forAnybody: Signer = {
    async sign(address, refused, signal) {
      const { hostname, pathname } = new URL(address)
      const account = BLOBS.exec(hostname)?.[1]
      const container = pathname.split('/')[1]
      if (account === undefined || !container) return { url: address, headers: {} }
      const token = await tokens.tokenFor(account, container, refused?.url ?? null, signal)
      if (token === null) return { url: address, headers: {} }
      return { url: `${address}${address.includes('?') ? '&' : '?'}${token}`, headers: {} }
    },
  }
  return {
    forAnybody,
    async sign(address, refused, signal) {
      const headers = headersFor(new URL(address).origin)
      return headers === null
        ? forAnybody.sign(address, refused, signal)
        : { url: address, headers }
    },
  }
}
