// A Range header and the answer to it, as RFC 9110 14 has them.

import { LightResponse } from '../light/response.ts'

export interface Slice {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** A body or part of it: which bytes, and what the answer says of them. */
export interface Part extends Slice {
  readonly status: 200 | 206
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The part of a body of `size` bytes that a request asks for; of several ranges the first.
 *
 * @returns null for 416: the range lies outside
 */
export function partOf(request: Request, size: number, etag: string): Part | null {
  const slice = isAsked(request, etag) ? readRange(request.headers.get('range'), size) : null
  if (slice === 'unsatisfiable') return null
  const whole = { 'accept-ranges': 'bytes', 'content-length': String(size) }
  if (slice === null) return { status: 200, start: 0, end: size, headers: whole }
  const { start, end } = slice
  const place = { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  const headers = { ...whole, ...place, 'content-length': String(end - start) }
  return { status: 206, start, end, headers }
}

/** Ranges are a matter of GET alone (RFC 9110, 14.2), and of the version that the caller knows (13.1.5). */
function isAsked({ method, headers }: Request, etag: string): boolean {
  return method === 'GET' && (headers.get('if-range') ?? etag) === etag
}

/** 416, with how long the body is. */
export function unsatisfiable(size: number): Response {
  const headers = { 'cache-control': 'no-store', 'content-range': `bytes */${size}` }
  return new LightResponse(null, { status: 416, headers })
}

/**
 * The first slice of a body of `size` bytes that a Range header asks for. null: no header, or one that is to be
 * ignored (another unit, not a range); `unsatisfiable`: answer 416.
 */
export function readRange(header: string | null, size: number): Slice | null | 'unsatisfiable' {
  const [first = ''] = (header ?? '').split(',')
  const match = /^bytes=(\d*)-(\d*)$/i.exec(first.replaceAll(/[ \t]/g, ''))
  if (match === null) return null
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return null
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(from)
  const end = to === '' ? size : Math.min(Number(to) + 1, size)
  if (to !== '' && Number(to) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}
