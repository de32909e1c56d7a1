// Media types and asset keys of a published directory's files, by name: no block carries them.

const byName: ReadonlyMap<string, string> = new Map([['item.json', 'application/geo+json']])

const byExtension: ReadonlyMap<string, string> = new Map([
  ['car', 'application/vnd.ipld.car; version=1'],
  ['json', 'application/json'],
  ['png', 'image/png'],
  ['tif', 'image/tiff; application=geotiff; profile=cloud-optimized'],
])

export function mediaTypeOf(name: string): string {
  const extension = name.split('.').at(-1) ?? ''
  return byName.get(name) ?? byExtension.get(extension) ?? 'application/octet-stream'
}

/** The key of a file among the assets of a result: what it is, mostly its name without the ending. */
export function assetKeyOf(name: string): string {
  return name === 'ndvi.tif' ? 'cog' : name.replace(/\.[^.]*$/, '')
}
