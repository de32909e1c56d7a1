// A small result as the pipeline would hand it over: every shape of file that packing must get right.

import type { OutputFile } from '../../../lib/publish/directory.ts'

/** A raw leaf, two equal files, an empty one, and one of more than two chunks of which two are equal. */
export function sampleFiles(): Map<string, OutputFile> {
  const text = new TextEncoder()
  const tif = new Uint8Array(2 * 1024 * 1024 + 1000)
  tif.fill(7)
  return new Map<string, OutputFile>([
    ['figure.png', { bytes: text.encode('not really a picture'), type: 'image/png' }],
    ['item.json', { bytes: text.encode('{"same":"text"}'), type: 'application/geo+json' }],
    ['request.json', { bytes: text.encode('{"same":"text"}'), type: 'application/json' }],
    ['ndvi.tif', { bytes: tif, type: 'image/tiff; application=geotiff; profile=cloud-optimized' }],
    ['empty', { bytes: new Uint8Array(0), type: 'application/octet-stream' }],
  ])
}
