// Media types and asset keys of a published directory's files, by name: no block carries them.

const byName: ReadonlyMap<string, string> = new Map([['item.json', 'application/geo+json']])

const byExtension: ReadonlyMap<string, string> = new Map([
  ['csv', 'text/csv; charset=utf-8; header=present'],
  ['car', 'application/vnd.ipld.car; version=1'],
  ['json', 'application/json'],
  ['jsonl', 'application/jsonl'],
  ['png', 'image/png'],
  ['tif', 'image/tiff; application=geotiff; profile=cloud-optimized'],
])

export function mediaTypeOf(name: string): string {
  const extension = name.split('.').at(-1) ?? ''
  return byName.get(name) ?? byExtension.get(extension) ?? 'application/octet-stream'
}

/** Where the name without its ending would not tell, or is that of another file. */
const keyByName: ReadonlyMap<string, string> = new Map([
  ['ndvi.tif', 'cog'],
  ['change.tif', 'cog'],
  ['composite.tif', 'cog'],
  ['series.csv', 'csv'],
])

/** The key of a file among the assets of a result: what it is, mostly its name without the ending. */
export function assetKeyOf(name: string): string {
  return keyByName.get(name) ?? name.replace(/\.[^.]*$/, '')
}
