// An upload in pieces that goes on where it broke off: the tus protocol 1.0, https://tus.io/protocols/resumable-upload

import { contentParts } from '../store/content-parts.ts'
import type { FileContent } from '../store/file-content.ts'
import type { Service } from './service.ts'
import type { CarContent } from './upload.ts'

const VERSION = { 'tus-resumable': '1.0.0' }
const PIECE_BYTES = 32 * 1024 * 1024
const MOST_BREAKS = 5

/**
 * @param content of which one piece is in memory at a time
 * @param metadata by name, as the service wants it
 * @returns the value of `Upload-CID` of the last answer, null where there is none
 * @throws {GreenprintError} `publishing_failed`
 */
export async function uploadResumable(
  address: string,
  content: CarContent,
  metadata: Readonly<Record<string, string>>,
  service: Service,
  signal: AbortSignal,
): Promise<string | null> {
  const encoded = Object.entries(metadata).map(
    ([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`,
  )
  const created = await service.call(
    address,
    {
      method: 'POST',
      headers: {
        ...VERSION,
        'upload-length': String(content.size),
        'upload-metadata': encoded.join(','),
      },
    },
    signal,
  )
  const given = created.headers.get('location')
  const location = given === null ? null : URL.parse(given, created.url)
  if (location === null) throw service.failure('began no upload: its answer has no Location.')
  await using reader = new PieceReader(content, signal)
  let cid: string | null = null
  let breaks = 0
  for (let offset = 0; offset < content.size; ) {
    const body = await reader.read(offset)
    try {
      const reply = await service.call(
        location.href,
        {
          method: 'PATCH',
          headers: {
            ...VERSION,
            'content-type': 'application/offset+octet-stream',
            'upload-offset': String(offset),
          },
          body,
          again: false,
        },
        signal,
      )
      cid = reply.headers.get('upload-cid') ?? cid
      offset = readOffset(reply.headers.get('upload-offset'), content.size, service)
    } catch (error) {
      signal.throwIfAborted()
      if (++breaks > MOST_BREAKS) throw error
      offset = await offsetOf(location.href, content.size, service, signal)
    }
  }
  return cid
}

/** The pieces one after the other; after a break, from anywhere. */
class PieceReader implements AsyncDisposable {
  readonly #content: CarContent
  readonly #signal: AbortSignal
  #pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> | null = null
  /** Where the next piece begins. */
  #at = 0

  constructor(content: CarContent, signal: AbortSignal) {
    this.#content = content
    this.#signal = signal
  }

  async read(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    if (offset !== this.#at) await this[Symbol.asyncDispose]()
    this.#pieces ??= contentParts(from(this.#content, offset), PIECE_BYTES, this.#signal)
    const { value } = await this.#pieces.next()
    if (value === undefined) throw new RangeError('a CAR is shorter than it was to be')
    this.#at = offset + value.length
    return value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces?.return()
    this.#pieces = null
  }
}

/** What is left of a CAR. */
function from(content: CarContent, offset: number): FileContent {
  return {
    size: content.size - offset,
    pieces: (signal) => content.pieces(signal, offset),
  }
}

/** How much of it the service has. */
async function offsetOf(
  location: string,
  length: number,
  service: Service,
  signal: AbortSignal,
): Promise<number> {
  const reply = await service.call(location, { method: 'HEAD', headers: VERSION }, signal)
  return readOffset(reply.headers.get('upload-offset'), length, service)
}

function readOffset(text: string | null, length: number, service: Service): number {
  const offset = text === null || text === '' ? NaN : Number(text)
  if (Number.isInteger(offset) && offset >= 0 && offset <= length) return offset
  throw service.failure('does not say how much of the upload it has.')
}
