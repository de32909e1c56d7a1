// GET /ipfs/<cid>[/path]: what this deployment computed or published, as a gateway serves it; nothing else.

import { GreenprintError } from '../../errors.ts'
import type { Blocks } from '../../ipfs/blocks.ts'
import { openFile } from '../../ipfs/file.ts'
import { ReadSession } from '../../ipfs/read-session.ts'
import { resolvePath } from '../../ipfs/resolve-path.ts'
import { MAX_REPLY, type WholeFiles } from '../../ipfs/whole-files.ts'
import { type Cid, parseCid } from '../../ipld/cid.ts'
import { type DirectoryEntry, decodeDirectory } from '../../ipld/unixfs.ts'
import type { NdviResult } from '../../model/result.ts'
import { mediaTypeOf } from '../../publish/media-types.ts'
import { type CarScope, readCarScope, respondCar } from './car.ts'
import { fileName, respondElsewhere } from './download.ts'
import { readRange } from './range.ts'
import { always } from './reply.ts'

export interface OwnContent {
  /** Of our own stores only: this is not a proxy. */
  readonly ownBlocks: Blocks
  /** Where files are downloaded that are too large for one reply. */
  readonly wholeFiles: WholeFiles | null
}

/**
 * @param path what follows `/ipfs/`, still percent-encoded
 * @throws {GreenprintError} `not_found`, `invalid_request`, `too_large`
 */
export async function serveContent(
  path: string,
  request: Request,
  content: OwnContent,
  signal: AbortSignal,
): Promise<Response> {
  const blocks = content.ownBlocks
  const reading = new ReadSession()
  try {
    const names = path.split('/').filter((name) => name !== '')
    const [cidText = '', ...rest] = names.map(decodeURIComponent)
    const root = parseCid(cidText)
    const cid = await resolvePath(
      { cid: root.toString(), path: rest.join('/') },
      blocks,
      reading,
      signal,
    )
    const format = formatOf(request)
    const scope = readCarScope(new URL(request.url).searchParams)
    const etag = etagOf(cid, format, scope)
    if (isKnown(request, etag))
      return new Response(null, { status: 304, headers: { ...always, etag } })
    if (format === 'raw') return respondRaw(cid, etag, await blocks.get(cid, reading, signal))
    if (format === 'car') return await respondCar(cid, scope, etag, blocks, signal)
    const entries = decodeDirectory(cid, await blocks.get(cid, reading, signal))
    if (entries !== null) return respondListing(cid, etag, names, entries)
    return await respondFile(cid, etag, rest.at(-1) ?? '', request, content, signal)
  } catch (error) {
    throw explain(error, `/ipfs/${path}`)
  }
}

/** The figure of a result, with a link to the item that describes it. @throws {GreenprintError} `not_found` */
export async function serveFigure(
  { root, assets }: Pick<NdviResult, 'root' | 'assets'>,
  base: string,
  content: OwnContent,
  signal: AbortSignal,
): Promise<Response> {
  const response = await serveContent(`${root}/figure.png`, new Request(base), content, signal)
  const described = assets['item']
  if (described !== undefined) {
    const item = `<${base}/ipfs/${root}/${described.file}>`
    response.headers.set('link', `${item}; rel="describedby"; type="${described.type}"`)
  }
  // The same question may be answered by another figure once the software changes.
  if (response.ok) response.headers.set('cache-control', 'no-cache')
  return response
}

type Format = 'file' | 'raw' | 'car'

function formatOf(request: Request): Format {
  const asked = new URL(request.url).searchParams.get('format')
  if (asked === 'raw' || asked === 'car') return asked
  if (asked !== null) throw new GreenprintError('invalid_request', 'format is raw or car.')
  const accept = request.headers.get('accept') ?? ''
  if (accept.includes('application/vnd.ipld.raw')) return 'raw'
  return accept.includes('application/vnd.ipld.car') ? 'car' : 'file'
}

function etagOf(cid: Cid, format: Format, scope: CarScope): string {
  const suffix = { file: '', raw: '.raw', car: `.car${scope.name}` }[format]
  return `"${cid.toString()}${suffix}"`
}

/** If-None-Match is a list, and a proxy may have made its tags weak: RFC 9110, 13.1.2. */
function isKnown(request: Request, etag: string): boolean {
  const tags = (request.headers.get('if-none-match') ?? '').split(',')
  return tags.some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

function respondRaw(cid: Cid, etag: string, block: Uint8Array<ArrayBuffer>): Response {
  return new Response(block, {
    headers: {
      ...always,
      'content-type': 'application/vnd.ipld.raw',
      'content-length': String(block.length),
      'content-disposition': `attachment; filename="${cid.toString()}.bin"`,
      etag,
    },
  })
}

async function respondFile(
  cid: Cid,
  etag: string,
  name: string,
  request: Request,
  { ownBlocks, wholeFiles }: OwnContent,
  signal: AbortSignal,
): Promise<Response> {
  const file = await openFile(cid, ownBlocks, new ReadSession(), signal)
  const contentType = mediaTypeOf(name)
  const headers = {
    ...always,
    'content-type': contentType,
    'accept-ranges': 'bytes',
    etag,
  }
  // A range is a matter of GET alone: RFC 9110, 14.2.
  const asked = request.method === 'GET' ? request.headers.get('range') : null
  const range = readRange(asked ?? undefined, file.size)
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${file.size}` },
    })
  }
  const { start, end } = range ?? { start: 0, end: file.size }
  if (request.method === 'HEAD') {
    return new Response(null, { headers: { ...headers, 'content-length': String(file.size) } })
  }
  if (range === null && file.size > MAX_REPLY) {
    const whole = { cid, size: file.size, contentType, name: fileName(name, cid) }
    return respondElsewhere(whole, wholeFiles, signal)
  }
  const stop = Math.min(end, start + MAX_REPLY)
  const [body] = await file.readAll([{ offset: start, length: stop - start }], signal)
  return new Response(body ?? null, {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(stop - start),
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${stop - 1}/${file.size}` }),
    },
  })
}

function respondListing(
  cid: Cid,
  etag: string,
  names: readonly string[],
  entries: readonly DirectoryEntry[],
): Response {
  const base = `/ipfs/${names.join('/')}`
  const rows = entries.map(
    ({ name, cid: entry }) =>
      `<li><a href="${base}/${encodeURIComponent(name)}">${escapeHtml(name)}</a> <code>${entry.toString()}</code></li>`,
  )
  const title = `ipfs://${cid.toString()}`
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><ul>${rows.join('')}</ul></html>\n`
  return new Response(html, {
    headers: { ...always, 'content-type': 'text/html; charset=utf-8', etag },
  })
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Here a block that no own store has was simply not made here, and a bad CID is a bad address. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof URIError)
    return new GreenprintError('invalid_request', `${path} is not a valid path.`)
  if (!(error instanceof GreenprintError)) return error
  if (error.code === 'asset_unusable')
    return new GreenprintError('invalid_request', error.message, { cause: error })
  if (error.code !== 'content_unavailable' && error.code !== 'content_unusable') return error
  const message = `${path} was not computed or published by this deployment; ask a public gateway for it.`
  return new GreenprintError('not_found', message, { cause: error })
}
