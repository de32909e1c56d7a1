// What a request or a reply carries: text, bytes, or a stream. https://fetch.spec.whatwg.org/#body-mixin

import { type HeadersGiven, LightHeaders } from './headers.ts'

export type BodyGiven = string | Uint8Array<ArrayBuffer> | ReadableStream | null

type Whole = string | Uint8Array<ArrayBuffer>

export abstract class LightBody {
  readonly headers: LightHeaders
  /** null where it is a stream, or nothing. */
  readonly #whole: Whole | null
  /** What was given as a stream, or was asked for as one. */
  #stream: ReadableStream | null = null
  #isUsed = false

  /** @throws {TypeError} of headers that HTTP cannot carry */
  constructor(given: BodyGiven, headers: HeadersGiven | undefined) {
    const isWhole = given === null || typeof given === 'string' || given instanceof Uint8Array
    this.#whole = isWhole ? given : null
    if (!isWhole) this.#stream = given
    this.headers = new LightHeaders(headers)
    if (typeof given === 'string' && !this.headers.has('content-type'))
      this.headers.set('content-type', 'text/plain;charset=UTF-8')
  }

  get body(): ReadableStream | null {
    if (this.#whole === null || this.#stream !== null) return this.#stream
    this.#stream = ReadableStream.from(this.#isUsed ? [] : [bytesOf(this.#whole)])
    return this.#stream
  }

  get bodyUsed(): boolean {
    return this.#isUsed || this.#stream?.locked === true
  }

  /** Bytes of all of it; null of a stream, which is not to be read for that. */
  get size(): number | null {
    if (this.#stream !== null) return null
    return this.#whole === null ? 0 : Buffer.byteLength(this.#whole)
  }

  async text(): Promise<string> {
    const content = await this.#take()
    if (typeof content !== 'string') return new TextDecoder().decode(content)
    return content.toWellFormed().replace(/^\ufeff/, '')
  }

  /** As `text()`, with its byte order mark where it has one: what is passed on stays as it is. */
  async wholeText(): Promise<string> {
    const content = await this.#take()
    return typeof content === 'string' ? content.toWellFormed() : textOf(content)
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  /** The caller's own: what was given stays as it is. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const content = await this.#take()
    // Not by its slice(), which of a Buffer is a view into memory that others write to.
    return typeof content === 'string' ? bytesOf(content) : new Uint8Array(content)
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' })
  }

  /** By Node's own reader of forms, which nothing else here needs. */
  async formData(): Promise<FormData> {
    return new Response(await this.bytes(), { headers: [...this.headers] }).formData()
  }

  /** The same content once more, for a copy of this. */
  protected share(): BodyGiven {
    if (this.bodyUsed) throw alreadyRead()
    if (this.#stream === null) return this.#whole
    const [mine, copy] = this.#stream.tee()
    this.#stream = mine
    return copy
  }

  async #take(): Promise<Whole> {
    if (this.#whole === null && this.#stream === null) return ''
    if (this.bodyUsed) throw alreadyRead()
    this.#isUsed = true
    return this.#stream === null ? (this.#whole ?? '') : collect(this.#stream)
  }
}

function alreadyRead(): TypeError {
  return new TypeError('The body was read before.')
}

function bytesOf(content: Whole): Uint8Array<ArrayBuffer> {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}

async function collect(stream: ReadableStream): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Uint8Array.from(Buffer.concat(pieces))
}
