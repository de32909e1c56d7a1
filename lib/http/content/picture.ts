// The picture of a result by itself: as it lies in the directory, or as WebP.

import { GreenprintError } from '../../errors.ts'
import { pngAsWebp } from '../../figure/webp.ts'
import type { NdviResult } from '../../model/result.ts'
import { LightRequest } from '../light/request.ts'
import { LightResponse } from '../light/response.ts'
import type { PictureForm } from '../picture-form.ts'
import { addContentHeaders, disposition } from './headers.ts'
import { serveContent } from './serve.ts'
import type { Delivery, OwnContent } from './serving.ts'

export interface PictureAsked {
  readonly file: 'figure.png' | 'layer.png'
  readonly form: PictureForm
}

/** Of a PNG that is read to be made a WebP, and its pixels: a decoder takes four bytes for each. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_PIXELS = 16 * 1024 * 1024

/**
 * With a link to the item that describes it.
 *
 * @param base address of this deployment, without a trailing slash
 * @throws {GreenprintError} `not_found`, `too_large`
 */
export async function servePicture(
  { root, assets }: Pick<NdviResult, 'root' | 'assets'>,
  { file, form }: PictureAsked,
  base: string,
  content: OwnContent,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Response> {
  const request = new LightRequest(new URL(`http://localhost/ipfs/${root}/${file}`))
  const limits = form === 'png' ? delivery : { ...delivery, mostBytes: MOST_BYTES }
  const png = await serveContent(request, content, limits, signal)
  const response = form === 'png' ? png : await asWebp(png, file, delivery)
  addContentHeaders(response)
  // `Accept` did not decide that it is this file.
  response.headers.delete('vary')
  const described = assets['item']
  if (described !== undefined) {
    const item = `<${base}/ipfs/${root}/${described.file}>`
    response.headers.set('link', `${item}; rel="describedby"; type="${described.type}"`)
  }
  // The same question may be answered by another picture once the software changes.
  if (response.ok) response.headers.set('cache-control', 'no-cache')
  return response
}

async function asWebp(
  png: Response,
  file: string,
  { mostBytes }: Pick<Delivery, 'mostBytes'>,
): Promise<Response> {
  if (!png.ok) throw tooLarge('The picture')
  const bytes = new Uint8Array(await png.arrayBuffer())
  const [width, height] = sizeOf(bytes)
  if (width * height > MOST_PIXELS) throw tooLarge(`The picture of ${width} x ${height} px`)
  const webp = await pngAsWebp(bytes)
  if (webp.length > mostBytes) throw tooLarge(`The picture of ${webp.length} bytes`)
  const headers = {
    'content-type': 'image/webp',
    'content-length': String(webp.length),
    'content-disposition': disposition('inline', file.replace(/\.png$/, '.webp')),
    // Weak: another encoder makes other bytes of the same pixels.
    etag: `W/${png.headers.get('etag')?.replace(/"$/, '.webp"') ?? '""'}`,
  }
  return new LightResponse(webp, { headers })
}

/** By its first chunk: https://www.w3.org/TR/png-3/#11IHDR */
function sizeOf(png: Uint8Array): readonly [width: number, height: number] {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

function tooLarge(what: string): GreenprintError {
  return new GreenprintError(
    'too_large',
    `${what} is too large for a reply in WebP: ask for f=png, or for a smaller width.`,
  )
}
