// What a band is read by, as figures and messages name it.

import type { BandAsset } from '../model/scene.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { formatContentReference } from '../stac/content-reference.ts'

/** `ipfs://<cid>[/path]`, or the address of the plain copy. */
export function nameOfSource({ content, transport, mirrors }: BandAsset): string {
  if (content !== null) return formatContentReference(content)
  return transport?.href ?? unsignedUrl(mirrors[0] ?? 'no address')
}
