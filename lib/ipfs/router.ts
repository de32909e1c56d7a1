// Delegated routing: which HTTP gateways hold a file, https://specs.ipfs.tech/routing/http-routing-v1/

import { describeError } from '../errors.ts'
import type { Cid } from '../ipld/cid.ts'
import type { Http } from '../net/http.ts'

export interface Router {
  /** For errors: its origin. */
  readonly name: string
  /** Gateways that say that they hold a root, at most `most`. It never throws. */
  providers(root: Cid, most: number): Promise<Providing>
}

export interface Providing {
  /** Addresses of gateways; none where nobody holds it, or no answer came in time. */
  readonly gateways: readonly string[]
  /** Why there may be others; null where it answered. */
  readonly failure: string | null
}

/** What is known by then counts: a router sends records as it finds them, for up to 25 s. */
const MOST_MS = 2_000
const MOST_BYTES = 1024 * 1024
/**
 * A filter names one part of an address (IPIP-484): `https` alone leaves `/tls/http` out, which nodes announce, without
 * a protocol to their names. Other addresses with `tls` are passed over here.
 */
const FILTERS = 'filter-protocols=unknown,transport-ipfs-gateway-http&filter-addrs=https,tls'

/** @param allowPlain whether a provider may be named by plain http (tests and the local system) */
export function createRouter(url: string, http: Http, allowPlain: boolean): Router {
  const never = new AbortController().signal
  return {
    name: new URL(url).origin,
    async providers(root, most) {
      const found = new Set<string>()
      const address = `${url}/providers/${root.toV1().toString()}?${FILTERS}`
      const request = {
        headers: { accept: 'application/x-ndjson, application/json;q=0.5' },
        firstByteMs: MOST_MS,
        stallMs: MOST_MS,
        totalMs: MOST_MS,
        trusted: true,
      }
      try {
        const reply = await http.stream(address, request, never)
        try {
          if (reply.status === 404) return { gateways: [], failure: null }
          if (reply.status !== 200) return { gateways: [], failure: `HTTP ${reply.status}` }
          for await (const line of linesOf(reply.parts)) {
            for (const gateway of gatewaysIn(line, allowPlain)) found.add(gateway)
            if (found.size >= most) break
          }
        } finally {
          await reply.close()
        }
      } catch (error) {
        // Late, or not there: what was found until then is all there is.
        return { gateways: [...found].slice(0, most), failure: describeError(error) }
      }
      return { gateways: [...found].slice(0, most), failure: null }
    },
  }
}

/** Lines of a body, the last one too; a JSON document of one line is a line. */
async function* linesOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let rest = ''
  let bytes = 0
  for await (const part of parts) {
    bytes += part.length
    if (bytes > MOST_BYTES) return
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** A record of ndjson, or a document with `Providers`. */
function gatewaysIn(line: string, allowPlain: boolean): string[] {
  if (line.trim() === '') return []
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return []
  }
  const records = field(value, 'Providers') ?? [value]
  if (!Array.isArray(records)) return []
  return records.flatMap((record: unknown) => {
    const addresses = field(record, 'Addrs')
    if (!Array.isArray(addresses)) return []
    return addresses.flatMap((address) => gatewayAt(String(address), allowPlain) ?? [])
  })
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

/** The URL of a multiaddr that names an HTTP gateway by a host name, or null. */
export function gatewayAt(multiaddr: string, allowPlain: boolean): string | null {
  if (multiaddr.length > 1_024) return null
  const match =
    /^\/(?:dns[46]?|ip4)\/([a-z\d.-]+)(?:\/tcp\/(\d+))?\/(?:https|tls(?:\/sni\/([a-z\d.-]+))?\/http|(http))(?:\/http-path\/([^/]+))?(?:\/p2p\/[^/]+)?$/i.exec(
      multiaddr,
    )
  const [, name = '', port, sni, plain, path = ''] = match ?? []
  // The name that the certificate is for.
  const host = sni ?? name
  if (host === '') return null
  const scheme = plain === undefined ? 'https' : 'http'
  if (scheme === 'http' && !allowPlain) return null
  const url = URL.parse(
    `${scheme}://${host}${port === undefined ? '' : `:${port}`}/${decode(path)}`,
  )
  return url === null ? null : url.href.replace(/(?<!\/)\/+$/, '')
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
