// Whose checksum an item carries: of the file's producer, or of whoever made the copy that the catalogue names.

import type { ChecksumAuthor } from '../model/result.ts'
import type { Described } from './product.ts'

/** By where a file lies; null where nobody is known to have made it. */
export function checksumAuthorOf(
  href: string,
  { properties }: Pick<Described, 'properties'>,
): ChecksumAuthor | null {
  const host = hostOf(href)
  if (/e84-earth-search|sentinel-cogs|element84/.test(host)) {
    const original = properties['s2:product_uri']
    const of = typeof original === 'string' ? `, made of ESA's ${original}` : ''
    return { whose: 'catalogue', by: `Element 84, of its own Cloud Optimized GeoTIFF${of}` }
  }
  if (/usgs-landsat|landsatlook\.usgs\.gov/.test(host)) {
    return { whose: 'producer', by: 'USGS, the producer' }
  }
  return null
}

/** Host of a URL, or bucket of an s3: address. */
function hostOf(href: string): string {
  return /^[a-z0-9+]+:\/\/([^/?#]+)/i.exec(href)?.[1]?.toLowerCase() ?? ''
}
