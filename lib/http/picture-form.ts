// Whether a request of /ndvi, /change or /composite is answered by a picture, and in which form.

import { GreenprintError } from '../errors.ts'
import type { NdviRequest } from '../model/request.ts'
import { negotiate, readAccept } from './accept.ts'

/** A WebP is a reply alone: its bytes depend on the encoder and the processor, so that no CID of it comes out again. */
export type PictureForm = 'png' | 'webp'

export interface FormAsked {
  /** The parameter `f`; undefined where `Accept` decides. */
  readonly f: string | undefined
  readonly accept: string | undefined
  /** Whether publishing is asked for; undefined where nothing is said. */
  readonly pin: boolean | undefined
}

/**
 * @returns null for JSON
 * @throws {GreenprintError} `invalid_request`
 */
export function pictureForm({ f, accept, pin }: FormAsked): PictureForm | null {
  if (f === undefined) return byAccept(accept, pin === true)
  if (f !== 'json' && f !== 'png' && f !== 'webp')
    throw new GreenprintError('invalid_request', 'f must be json, png or webp.')
  if (f === 'webp' && pin === true) {
    throw new GreenprintError(
      'invalid_request',
      'f=webp is a reply alone and is never published: the bytes of a WebP depend on its encoder, so nobody else would come to its CID. Ask without pin, or for json or png.',
    )
  }
  return f === 'json' ? null : f
}

function byAccept(accept: string | undefined, isPublished: boolean): PictureForm | null {
  // A browser that opens a page accepts the pictures that it knows, and asks for none of them.
  const names = readAccept(accept ?? null).map(({ name }) => name)
  if (names.includes('text/html')) return null
  const webp = isPublished ? [] : (['image/webp'] as const)
  const types = ['application/json', 'image/png', ...webp] as const
  const type = negotiate(accept, types, 'header')
  if (type === 'image/webp') return 'webp'
  return type === 'image/png' ? 'png' : null
}

/** The file that is the picture of a request: the layer where that is asked for and no figure, else the figure. */
export function pictureFile({ outputs }: Pick<NdviRequest, 'outputs'>): 'figure.png' | 'layer.png' {
  return outputs.includes('layer') && !outputs.includes('figure') ? 'layer.png' : 'figure.png'
}

/** The outputs of a request that a picture answers: the figure among them, unless it has one already. */
export function withPicture({ outputs }: Pick<NdviRequest, 'outputs'>): NdviRequest['outputs'] {
  const hasPicture = outputs.includes('figure') || outputs.includes('layer')
  return hasPicture ? outputs : [...outputs, 'figure']
}
