// What the files of a published directory are, by name: their content type is in no block.

const byName: Readonly<Record<string, string>> = {
  'item.json': 'application/geo+json',
}

const byExtension: Readonly<Record<string, string>> = {
  json: 'application/json',
  png: 'image/png',
  tif: 'image/tiff; application=geotiff; profile=cloud-optimized',
}

export function mediaTypeOf(name: string): string {
  const extension = name.split('.').at(-1) ?? ''
  return byName[name] ?? byExtension[extension] ?? 'application/octet-stream'
}
