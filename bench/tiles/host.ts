// The other side of the tiles bench, a process of its own: the files of a scene and its item, 50 ms away.

import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCopyHost } from '../../test/harness/copy-host.ts'

const [red = '', nir = '', latency = '0'] = process.argv.slice(2)
const host = await startCopyHost()
host.put('red.tif', await readFile(red))
host.put('nir08.tif', await readFile(nir))
const asset = (name: string) => ({
  href: `${host.url}/${name}.tif`,
  type: 'image/tiff; application=geotiff; profile=cloud-optimized',
  roles: ['data'],
})
const item = {
  type: 'Feature',
  stac_version: '1.0.0',
  id: 'LC08_L1TP_227074_20190809_20200827_02_T1',
  bbox: [-57.6, -21.3, -55.9, -19.7],
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [-57.6, -21.3],
        [-55.9, -21.3],
        [-55.9, -19.7],
        [-57.6, -19.7],
        [-57.6, -21.3],
      ],
    ],
  },
  properties: { datetime: '2019-08-09T13:57:35Z', 'landsat:correction': 'L1TP' },
  assets: { red: asset('red'), nir08: asset('nir08') },
  links: [],
}
host.put('item.json', new TextEncoder().encode(JSON.stringify(item)))
host.instead = async () => {
  await sleep(Number(latency))
  return false
}
process.stdout.write(`${host.url}\n`)
