// What the API was asked: what a Fetch Request is, made without it. See response.ts for why.

import { type BodyGiven, LightBody } from './body.ts'
import { type HeadersGiven, TOKEN } from './headers.ts'

export interface RequestGiven {
  readonly method?: string
  readonly headers?: HeadersGiven
  readonly body?: BodyGiven
}

/** https://fetch.spec.whatwg.org/#concept-method-normalize */
const normalized = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])
/** https://fetch.spec.whatwg.org/#forbidden-method */
const forbidden = new Set(['CONNECT', 'TRACE', 'TRACK'])

export class LightRequest extends LightBody implements Request {
  readonly method: string
  readonly url: string
  readonly cache = 'default'
  readonly credentials = 'same-origin'
  readonly destination = ''
  readonly duplex = 'half'
  readonly integrity = ''
  readonly keepalive = false
  readonly mode = 'cors'
  readonly redirect = 'follow'
  readonly referrer = 'about:client'
  readonly referrerPolicy = ''
  #signal: AbortSignal | undefined

  /** @throws {TypeError} of a method, an address or headers that a web request cannot have */
  constructor(url: URL, { method = 'GET', headers, body = null }: RequestGiven = {}) {
    const name = methodOf(method)
    if (url.username !== '' || url.password !== '')
      throw new TypeError('The address of a request cannot hold credentials.')
    if (body !== null && (name === 'GET' || name === 'HEAD'))
      throw new TypeError(`A request by ${name} has no body.`)
    super(body, headers)
    this.method = name
    this.url = url.href
  }

  /** Never aborts: that a caller is gone, `Bindings` tell. */
  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal
    return this.#signal
  }

  clone(): LightRequest {
    const { method, headers } = this
    return new LightRequest(new URL(this.url), { method, headers, body: this.share() })
  }
}

/** @throws {TypeError} */
function methodOf(asked: string): string {
  const capital = asked.toUpperCase()
  if (!TOKEN.test(asked)) throw new TypeError(`${JSON.stringify(asked)} is no method.`)
  if (forbidden.has(capital)) throw new TypeError(`A request by ${capital} cannot be made.`)
  return normalized.has(capital) ? capital : asked
}
