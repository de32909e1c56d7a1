// The replies of the API: what a Fetch Response is, made without it. The first touch of Node's own, of its Request or
// of its Headers loads an HTTP client with HTTP/2 and TLS: 35 ms of a cold start, for which somebody waits.

import { type BodyGiven, LightBody } from './body.ts'
import { type HeadersGiven, LightHeaders } from './headers.ts'

export interface ResponseGiven {
  readonly status?: number
  readonly headers?: HeadersGiven
}

/** https://fetch.spec.whatwg.org/#null-body-status */
const withoutBody = new Set([204, 205, 304])

export class LightResponse extends LightBody implements Response {
  readonly status: number
  readonly statusText = ''
  readonly type = 'default'
  readonly url = ''
  readonly redirected = false

  /**
   * @throws {RangeError} of a status outside of 200 to 599
   * @throws {TypeError} of headers that HTTP cannot carry, and of a body where the status has none
   */
  constructor(body: BodyGiven, { status = 200, headers }: ResponseGiven = {}) {
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError(`${status} is not the status of a response.`)
    if (body !== null && withoutBody.has(status))
      throw new TypeError(`A response of status ${status} has no body.`)
    super(body, headers)
    this.status = status
  }

  static json(value: unknown, { status, headers }: ResponseGiven = {}): LightResponse {
    const all = new LightHeaders(headers)
    if (!all.has('content-type')) all.set('content-type', 'application/json')
    return new LightResponse(JSON.stringify(value), {
      headers: all,
      ...(status === undefined ? {} : { status }),
    })
  }

  get ok(): boolean {
    return this.status < 300
  }

  clone(): LightResponse {
    return new LightResponse(this.share(), this)
  }
}
