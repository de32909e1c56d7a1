// Items for the synthetic scenes: each names its product as the real catalogues do.

import { readFile } from 'node:fs/promises'
import type { JsonObject } from '../../lib/model/json.ts'
import type { MemoryBlocks } from './blocks.ts'
import { ipfsAsset } from './items.ts'

interface Dialect {
  readonly id: string
  readonly properties: JsonObject
  /** Asset key: file of test/fixtures/synthetic, and what else the asset says. */
  readonly assets: Readonly<Record<string, readonly [file: string, fields?: JsonObject]>>
  /** Rule of radiometry that must fire. */
  readonly rule: string
}

const sentinel2 = (id: string, properties: JsonObject, file: string): Dialect => ({
  id,
  properties: { platform: 'sentinel-2b', ...properties },
  assets: { red: [`${file}-red`], nir: [`${file}-nir`], scl: ['sentinel-2-scl'] },
  rule: 's2',
})
const stated: JsonObject = { 'raster:bands': [{ scale: 1e-4, offset: -0.1, nodata: 0 }] }
const hls = (id: string, nir: string): Dialect => ({
  id,
  properties: {},
  assets: { B04: ['hls-red'], [nir]: ['hls-nir'], Fmask: ['hls-fmask'] },
  rule: 'hls',
})
const landsat = (fields: JsonObject): Dialect => ({
  id: 'LC09_L2SP_231062_20230723_20230802_02_T1',
  properties: { 'landsat:correction': 'L2SP' },
  assets: { red: ['landsat-red'], nir08: ['landsat-nir'], qa_pixel: ['landsat-qa', fields] },
  rule: 'l2sr',
})
const bitfield = (name: string, offset: number, length = 1) => ({ name, offset, length })

export const dialects: Readonly<Record<string, Dialect>> = {
  'sentinel-2 baseline 05.09': sentinel2(
    'S2B_MSIL2A_20230723T142709_N0509_R053_T20MRB_20230723T191211',
    {},
    'sentinel-2',
  ),
  'sentinel-2 offset applied': {
    ...sentinel2('S2B_20MRB_20230723_0_L2A', { 'earthsearch:boa_offset_applied': true }, ''),
    assets: {
      red: ['sentinel-2-old-red', stated],
      nir: ['sentinel-2-old-nir', stated],
      scl: ['sentinel-2-scl'],
    },
    rule: 'stac',
  },
  'sentinel-2 baseline 02.14': sentinel2(
    'S2A_20MRB_20200219_0_L2A',
    { 's2:processing_baseline': '02.14' },
    'sentinel-2-old',
  ),
  'HLS S30': hls('HLS.S30.T20MRB.2023204T142709.v2.0', 'B8A'),
  'HLS L30': hls('HLS.L30.T20MRB.2023204T142709.v2.0', 'B05'),
  'GA ARD': {
    id: 'ga_ls9c_ard_3-0-0_231062_2023-07-23_final',
    properties: { 'odc:product': 'ga_ls9c_ard_3', platform: 'landsat-9', instruments: ['OLI'] },
    assets: { nbart_red: ['ga-red'], nbart_nir: ['ga-nir'], oa_fmask: ['ga-fmask'] },
    rule: 'ga',
  },
  'Landsat level 1': {
    ...landsat({}),
    id: 'LC09_L1TP_231062_20230723_20230802_02_T1',
    properties: { 'landsat:correction': 'L1TP' },
    rule: 'l1toa',
  },
  'Landsat without bitfields': landsat({}),
  'Landsat with bitfields': landsat({
    'classification:bitfields': [
      bitfield('fill', 0),
      bitfield('dilated', 1),
      bitfield('cirrus', 2),
      bitfield('cloud', 3),
      bitfield('shadow', 4),
      bitfield('snow', 5),
      bitfield('water', 7),
      bitfield('cloud_confidence', 8, 2),
    ],
  }),
}

/** Imports a dialect's bands into `blocks` and describes them. */
export async function dialectItem(name: string, blocks: MemoryBlocks): Promise<JsonObject> {
  const dialect = dialects[name]
  if (dialect === undefined) throw new RangeError(`there is no dialect ${name}`)
  const assets: Record<string, JsonObject> = {}
  for (const [key, [file, fields = {}]] of Object.entries(dialect.assets)) {
    const bytes = await readFile(new URL(`../fixtures/synthetic/${file}.tif`, import.meta.url))
    assets[key] = { ...ipfsAsset((await blocks.add(new Uint8Array(bytes))).toString()), ...fields }
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: dialect.id,
    geometry: null,
    properties: { datetime: '2023-07-23T14:27:09Z', ...dialect.properties },
    assets,
    links: [],
  }
}
