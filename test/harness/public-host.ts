// A host that looks public: https, a name, an address on the internet; in truth on loopback, behind the real guard.

import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createPublicLookup, type Resolve } from '../../lib/net/guard.ts'

/** On the internet by every registry; nothing in a test connects to it. */
export const PUBLIC_ADDRESS = '93.184.215.14'

export interface PublicHost {
  /** `https://public.example:<port>`; any name below public.example is this host too. */
  readonly url: string
  readonly port: number
  /** What it was asked, in order. */
  readonly asked: IncomingMessage[]
  /** Names with answers of their own: one list for each question, the last one for all that follow. */
  readonly names: Map<string, readonly (readonly string[])[]>
  /** For sockets: the real guard over these names, then the wire from the public address to loopback. */
  readonly lookup: LookupFunction
  readonly close: () => Promise<void>
}

export async function startPublicHost(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<PublicHost> {
  setDefaultCACertificates([...getCACertificates('default'), cert])
  const asked: IncomingMessage[] = []
  const server = createServer({ key, cert }, (request, response) => {
    asked.push(request)
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  const names: PublicHost['names'] = new Map()
  return {
    url: `https://public.example:${port}`,
    port,
    asked,
    names,
    lookup: wired(createPublicLookup(resolverOf(names))),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function resolverOf(names: PublicHost['names']): Resolve {
  const questions = new Map<string, number>()
  return (hostname, _, callback) => {
    const count = questions.get(hostname) ?? 0
    questions.set(hostname, count + 1)
    const answers = names.get(hostname)
    const found =
      answers === undefined ? publicAnswer(hostname) : (answers[count] ?? answers.at(-1) ?? [])
    const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const missing = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
      code: 'ENOTFOUND',
    })
    // A resolver never answers in the same breath.
    setImmediate(() => callback(addresses.length === 0 ? missing : null, addresses))
  }
}

function publicAnswer(hostname: string): readonly string[] {
  return /(^|\.)public\.example$/.test(hostname) ? [PUBLIC_ADDRESS] : []
}

/** What the guard lets pass goes where the cable goes. */
function wired(lookup: LookupFunction): LookupFunction {
  const plug = (address: string) => (address === PUBLIC_ADDRESS ? '127.0.0.1' : address)
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error !== null || typeof found === 'string') {
        return callback(error, typeof found === 'string' ? plug(found) : found, family)
      }
      callback(
        null,
        found.map((each): LookupAddress => ({ ...each, address: plug(each.address) })),
      )
    })
  }
}

/** Of a self-signed certificate for public.example and names below it, made for tests: no secret of anybody. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgusuprn2kjtqWOU/W
Jpy5RATuCRjDxvz1hVb8qpYq/1ehRANCAAR1ihjyL8oVUr5OqrYP4ICnQ1hs3PpK
9gYarPv4A6q6YpSmSe+3ouIDgNJ1Lcam3U2YGaMdzuSGLYZ8Qit9NZc5
-----END PRIVATE KEY-----`

const cert = `-----BEGIN CERTIFICATE-----
MIIBtzCCAV2gAwIBAgIUW8seV+B/Zjm9uU4zd1Phy1EmXTIwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOcHVibGljLmV4YW1wbGUwIBcNMjYxMTIyMTEwODEwWhgPMjEy
NjEwMjkxMTA4MTBaMBkxFzAVBgNVBAMMDnB1YmxpYy5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEdYoY8i/KFVK+Tqq2D+CAp0NYbNz6SvYGGqz7+AOq
umKUpknvt6LiA4DSdS3Gpt1NmBmjHc7khi2GfEIrfTWXOaOBgDB+MB0GA1UdDgQW
BBQaLT6RtmLIEzn89tFu4reR5e408zAfBgNVHSMEGDAWgBQaLT6RtmLIEzn89tFu
4reR5e408zAPBgNVHRMBAf8EBTADAQH/MCsGA1UdEQQkMCKCDnB1YmxpYy5leGFt
cGxlghAqLnB1YmxpYy5leGFtcGxlMAoGCCqGSM49BAMCA0gAMEUCIQCqmhoQIxVm
O3VR1hbFzdxgDu3XhIbw5sELSpz1+LZ8xAIgGnGBQC0bhiKfuOQtBiXTrw/gkmhF
dc6G4vhF2uAgKKI=
-----END CERTIFICATE-----`
