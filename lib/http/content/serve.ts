// GET /ipfs/<cid>[/path]: what this deployment computed or published, as a gateway serves it; nothing else.

import { GreenprintError } from '../../errors.ts'
import { ReadSession } from '../../ipfs/read-session.ts'
import { type Cid, DAG_PB, inlineContent, RAW } from '../../ipld/cid.ts'
import { findEntry, type GetBlock, walkDirectory } from '../../ipld/directory.ts'
import { decodeUnixFs } from '../../ipld/unixfs.ts'
import type { VerifiedBytes } from '../../model/bytes.ts'
import { mediaTypeOf } from '../../publish/media-types.ts'
import { LightResponse } from '../light/response.ts'
import { respondBlock } from './block.ts'
import { respondCar } from './car.ts'
import { type ContentPath, readContentPath, type Walked, walkContentPath } from './content-path.ts'
import { respondFile, respondSymlink } from './file.ts'
import { chooseForm, type FileForm, type Form, typeAsked } from './format.ts'
import { digestOf } from './headers.ts'
import { listingEtag, redirectToSlash, respondListing } from './listing.ts'
import { type Delivery, notModified, type OwnContent, readOnce, type Serving } from './serving.ts'
import { typeOfBytes } from './type-of-bytes.ts'

/**
 * Answers GET, HEAD and OPTIONS. The headers that all answers of /ipfs have are set around this.
 *
 * @throws {GreenprintError} `not_found`, `not_cached`, `condition_failed`, `invalid_request`, `not_acceptable`,
 *   `too_large`
 */
export async function serveContent(
  request: Request,
  content: OwnContent,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Response> {
  if (request.method === 'OPTIONS') return new LightResponse(null, { status: 204 })
  if (request.headers.get('service-worker') === 'script') {
    throw new GreenprintError('invalid_request', 'No service worker is registered under /ipfs.')
  }
  const { pathname } = new URL(request.url)
  try {
    const place = readContentPath(pathname)
    const query = new URL(request.url).searchParams
    const chosen = chooseForm(query, request.headers.get('accept'))
    const blocks = readOnce(chosen.form.form === 'raw' ? content.ownNodes : content.ownBlocks)
    const { wholeFiles } = content
    const opened = { ...place, ...delivery, request, query, wholeFiles, blocks, signal }
    return await answer(opened, chosen)
  } catch (error) {
    throw explain(error, pathname, request)
  }
}

/** Before it is known what leads to it and which tag it has. */
type Opened = Omit<Serving, 'headers' | 'etag'>

async function answer(opened: Opened, chosen: ReturnType<typeof chooseForm>): Promise<Response> {
  const { request: _, query: __, blocks, signal, ...place } = opened
  const get: GetBlock = (cid) => blocks.get(refuseInline(cid, place), new ReadSession(), signal)
  const { form } = chosen
  const walked =
    inlineContent(place.root) === null
      ? await walkContentPath(place, get)
      : { roots: [place.root], nodes: [], end: place.root }
  const end = walked.end
  const headers = {
    'x-ipfs-path': place.path,
    'x-ipfs-roots': walked.roots.join(','),
    ...(chosen.varies ? { vary: 'Accept' } : {}),
    ...(chosen.query === null ? {} : { 'content-location': `${place.path}?${chosen.query}` }),
  }
  const serving = (etag: string): Serving => ({ ...opened, etag, headers: { ...headers, etag } })

  if (form.form === 'car') {
    if (end !== null && inlineContent(end) === null) await get(end)
    const one = serving(carEtag(place, walked, form))
    return notModified(one) ?? respondCar(walked, form, get, one)
  }
  if (end === null) throw noEntry(place, walked)
  if (form.form === 'raw') {
    const one = serving(`"${end.toString()}.raw"`)
    const reading = new ReadSession()
    const bytes = end === place.root ? await blocks.get(end, reading, signal) : await get(end)
    return notModified(one) ?? respondBlock(end, bytes, one)
  }
  return respondDecoded({ ...place, form }, end, await get(end), serving, get)
}

/** As what the block is: a file, a directory, a symlink. */
async function respondDecoded(
  place: ContentPath & { readonly form: FileForm },
  end: Cid,
  bytes: VerifiedBytes,
  serving: (etag: string) => Serving,
  get: GetBlock,
): Promise<Response> {
  const asFile = serving(`"${end.toString()}"`)
  const name = asFile.query.get('filename') ?? place.names.at(-1) ?? ''
  if (end.code === RAW) {
    const type = typeAsked(name === '' ? typeOfBytes(bytes) : mediaTypeOf(name), place.form)
    return notModified(asFile) ?? respondFile(end, { name, type }, asFile)
  }
  if (end.code !== DAG_PB) {
    const message = `${end.toString()} is not a file or a directory; ask for format=raw or format=car.`
    throw new GreenprintError('not_acceptable', message)
  }
  const { unixfs } = decodeUnixFs(end, bytes)
  const isFile = !unixfs.isDirectory() && unixfs.type !== 'symlink'
  const type = typeAsked(isFile ? mediaTypeOf(name) : null, place.form)
  if (type !== null) return notModified(asFile) ?? respondFile(end, { name, type }, asFile)
  if (unixfs.type === 'symlink') {
    const target = unixfs.data ?? new Uint8Array(0)
    return notModified(asFile) ?? respondSymlink(target, asFile)
  }
  if (!place.slash) return redirectToSlash(asFile)
  const index = await findEntry(end, 'index.html', get)
  if (index.cid !== null) {
    const page = { name: 'index.html', type: mediaTypeOf('index.html') }
    return notModified(asFile) ?? respondFile(index.cid, page, asFile)
  }
  const asList = serving(listingEtag(end))
  return notModified(asList) ?? respondListing(place, walkDirectory(end, get), asList)
}

function carEtag(
  { path }: ContentPath,
  { end, roots }: Walked,
  form: Form & { form: 'car' },
): string {
  const { scope, bytes, duplicates } = form
  const span = bytes === null ? null : `${bytes.from}:${bytes.to ?? '*'}`
  const top = (end ?? roots.at(-1))?.toString() ?? ''
  return `"${top}.car.${digestOf([path, scope, span, duplicates, 'dfs'])}"`
}

/** A CID that carries its content is served as a block or as a CAR, never shown and never walked through. */
function refuseInline(cid: Cid, { root }: ContentPath): Cid {
  if (inlineContent(cid) === null) return cid
  const message = `${cid.toString()} carries its own content; it is served with format=raw or format=car.`
  throw new GreenprintError(cid === root ? 'not_acceptable' : 'not_found', message)
}

function noEntry({ path, names, root }: ContentPath, { roots }: Walked): GreenprintError {
  const missing = names[roots.length - 1] ?? names.at(-1) ?? ''
  const parent = roots.at(-1) ?? root
  const message = `${path}: there is no ${missing} under ${parent.toString()}.`
  return new GreenprintError('not_found', message)
}

/** Here a block that no own store has was simply not made here, and a bad CID is a bad address. */
function explain(error: unknown, path: string, request: Request): unknown {
  if (!(error instanceof GreenprintError)) return error
  if (error.code === 'asset_unusable') {
    return new GreenprintError('invalid_request', error.message, { cause: error })
  }
  if (error.code !== 'content_unavailable' && error.code !== 'content_unusable') return error
  const isAbsent = error.code === 'content_unavailable'
  const message = isAbsent
    ? `${path} was not computed or published by this deployment; ask a public gateway for it.`
    : `${path} cannot be served: ${error.message}`
  const wantsCached = /\bonly-if-cached\b/.test(request.headers.get('cache-control') ?? '')
  const code = isAbsent && wantsCached ? 'not_cached' : 'not_found'
  return new GreenprintError(code, message, { cause: error })
}
