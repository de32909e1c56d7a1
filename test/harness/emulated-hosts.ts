// Hosts of the real world, emulated on loopback behind the real guard: https by their own names and manners.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HostPolicy } from '../../lib/net/guard.ts'
import { createHttp, type Http } from '../../lib/net/http.ts'
import { type PublicHost, startPublicHost } from './public-host.ts'

/** @param emulated where an address of the real world is here, for a Location */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  emulated: (address: string) => string,
) => void | Promise<void>

export interface EmulatedHosts {
  /** What each host does, by its real name. One that is not here is not in the DNS. */
  readonly hosts: Map<string, Answer>
  /** What was asked, by real address, with the headers that came. */
  readonly asked: { readonly url: string; readonly headers: IncomingMessage['headers'] }[]
  /** A fetch that finds these hosts, and no others, under their real names. */
  readonly http: (policy?: HostPolicy) => Http
  readonly close: () => Promise<void>
}

const publicOnly: HostPolicy = { allowedHosts: [], allowPrivate: false }

export async function startEmulatedHosts(): Promise<EmulatedHosts> {
  const hosts = new Map<string, Answer>()
  const asked: { url: string; headers: IncomingMessage['headers'] }[] = []
  const server = await startPublicHost((request, response) => {
    const label = (request.headers.host ?? '').split('.')[0] ?? ''
    const name = [...hosts.keys()].find((host) => labelOf(host) === label)
    const answer = name === undefined ? undefined : hosts.get(name)
    if (name === undefined || answer === undefined) {
      response.writeHead(421).end()
      return
    }
    const url = new URL(request.url ?? '/', `https://${name}`)
    asked.push({ url: url.href, headers: request.headers })
    void answer(request, response, url, (address) => toEmulated(address, server))
  })
  return {
    hosts,
    asked,
    http(policy = publicOnly) {
      const real = createHttp(policy, server.lookup)
      return {
        async request(url, request, signal) {
          const reply = await real.request(toEmulated(url, server), request, signal)
          return { ...reply, url: toReal(reply.url, hosts) }
        },
        async stream(url, request, signal) {
          const reply = await real.stream(toEmulated(url, server), request, signal)
          return { ...reply, url: toReal(reply.url, hosts) }
        },
      }
    },
    close: server.close,
  }
}

/** A certificate's wildcard stands for one label: the dots of a name become dashes. */
function labelOf(host: string): string {
  return host.replaceAll('.', '-')
}

/** An address of loopback stays what it is. */
function toEmulated(address: string, { port }: PublicHost): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.protocol !== 'https:' || url.hostname.endsWith('.public.example')) return address
  return address.replace(
    /^https:\/\/[^/?#]*/i,
    `https://${labelOf(url.hostname)}.public.example:${port}`,
  )
}

function toReal(address: string, hosts: ReadonlyMap<string, Answer>): string {
  const [, label] = /^https:\/\/([^./]+)\.public\.example(:\d+)?/i.exec(address) ?? []
  const host = [...hosts.keys()].find((name) => labelOf(name) === label)
  return host === undefined ? address : address.replace(/^https:\/\/[^/?#]*/i, `https://${host}`)
}
