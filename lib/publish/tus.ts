// An upload in pieces that goes on where it broke off: the tus protocol 1.0, https://tus.io/protocols/resumable-upload

import type { Service } from './service.ts'

const VERSION = { 'tus-resumable': '1.0.0' }
const PIECE_BYTES = 32 * 1024 * 1024
const MOST_BREAKS = 5

/**
 * @param metadata by name, as the service wants it
 * @returns the value of `Upload-CID` of the last answer, null where there is none
 * @throws {GreenprintError} `publishing_failed`
 */
export async function uploadResumable(
  address: string,
  bytes: Uint8Array<ArrayBuffer>,
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
        'upload-length': String(bytes.length),
        'upload-metadata': encoded.join(','),
      },
    },
    signal,
  )
  const given = created.headers.get('location')
  const location = given === null ? null : URL.parse(given, created.url)
  if (location === null) throw service.failure('began no upload: its answer has no Location.')
  let cid: string | null = null
  let breaks = 0
  for (let offset = 0; offset < bytes.length; ) {
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
          body: bytes.subarray(offset, offset + PIECE_BYTES),
          again: false,
        },
        signal,
      )
      cid = reply.headers.get('upload-cid') ?? cid
      offset = readOffset(reply.headers.get('upload-offset'), bytes.length, service)
    } catch (error) {
      signal.throwIfAborted()
      if (++breaks > MOST_BREAKS) throw error
      offset = await offsetOf(location.href, bytes.length, service, signal)
    }
  }
  return cid
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
