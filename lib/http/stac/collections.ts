// The collections of the catalogue, and what its items can be filtered by.

import type { ItemCatalogue } from '../../catalogue/catalogue.ts'
import type { JsonObject } from '../../model/json.ts'
import { madeCollections } from '../../steps/list-result.ts'

interface Described {
  readonly title: string
  readonly description: string
  readonly keywords: readonly string[]
  readonly item_assets?: JsonObject
}

const cog = 'image/tiff; application=geotiff; profile=cloud-optimized'
/** Of every result that is drawn. */
const pictures = {
  figure: { title: 'Figure', type: 'image/png', roles: ['overview', 'visual'] },
  layer: { title: 'Layer', type: 'image/png', roles: ['visual'] },
}

/** What anybody may ask for without a CID is listed too. */
const exception =
  ' Items whose `greenprint:trust` is `transport` are the exception: their files were read unchecked.'

const described: Readonly<Record<string, Described>> = {
  [madeCollections.fingerprints]: {
    title: 'Fingerprinted scenes',
    description:
      'Scenes whose files were read once here and are named by content since: the items of their producers, with IPFS CIDs. They keep the licence of their producer.',
    keywords: ['IPFS', 'content addressing', 'satellite imagery'],
  },
  [madeCollections.ndvi]: {
    title: 'NDVI',
    description:
      'Normalized Difference Vegetation Index of scenes, as this deployment computed it. Every byte was checked against its hash, and each item says what it takes to compute it again.' +
      exception,
    keywords: ['NDVI', 'vegetation', 'IPFS', 'content addressing'],
    item_assets: {
      ...pictures,
      cog: { title: 'NDVI, float32', type: cog, roles: ['data'] },
    },
  },
  [madeCollections.change]: {
    title: 'Changes of NDVI',
    description:
      'Normalized Difference Vegetation Index of one scene less that of an earlier one, on the pixels that both have a value of. Each item says what it takes to compute it again.' +
      exception,
    keywords: ['NDVI', 'change', 'vegetation', 'IPFS', 'content addressing'],
    item_assets: {
      ...pictures,
      cog: { title: 'Difference, before and after, float32', type: cog, roles: ['data'] },
    },
  },
  [madeCollections.composite]: {
    title: 'Composites of NDVI',
    description:
      'Normalized Difference Vegetation Index of several scenes as one raster: of each pixel the largest value, the latest or the median, with the day that it is of. Each item says what it takes to compute it again.' +
      exception,
    keywords: ['NDVI', 'composite', 'vegetation', 'IPFS', 'content addressing'],
    item_assets: {
      ...pictures,
      cog: { title: 'NDVI, float32', type: cog, roles: ['data'] },
      dates: { title: 'Source dates, days since 1970-01-01', type: cog, roles: ['data', 'date'] },
    },
  },
}

/** Those of the catalogue that were never made here come first: a search goes through them in this order. */
export function collectionIds({ fixed }: Pick<ItemCatalogue, 'fixed'>): readonly string[] {
  const { fingerprints, ndvi, change, composite } = madeCollections
  return [...fixed, fingerprints, ndvi, change, composite]
}

/** @param root address of the API, without a slash at its end */
export function collectionDocument(id: string, root: string): JsonObject {
  const self = `${root}/collections/${id}`
  const { title, description, keywords, item_assets } = described[id] ?? sample
  return {
    type: 'Collection',
    stac_version: '1.1.0',
    id,
    title,
    description,
    keywords,
    license: 'other',
    extent: {
      spatial: { bbox: [[-180, -90, 180, 90]] },
      temporal: { interval: [['1972-07-23T00:00:00Z', null]] },
    },
    ...(item_assets === undefined ? {} : { item_assets }),
    links: [
      { rel: 'self', href: self, type: 'application/json' },
      { rel: 'root', href: root, type: 'application/json' },
      { rel: 'parent', href: root, type: 'application/json' },
      { rel: 'items', href: `${self}/items`, type: 'application/geo+json' },
      queryablesLink(self),
    ],
  }
}

const sample: Described = {
  title: 'Sample scene',
  description:
    'The sample scene: Manaus by Landsat 9, its bands named by content. Landsat 9 image courtesy of the U.S. Geological Survey.',
  keywords: ['Landsat'],
}

/** @param owner address of the API or of a collection */
export function queryablesLink(owner: string): JsonObject {
  return {
    rel: 'http://www.opengis.net/def/rel/ogc/1.0/queryables',
    href: `${owner}/queryables`,
    type: 'application/schema+json',
  }
}

const text = { type: 'string' }

/** What filters may name: these by their types, any other property as it stands. */
export function queryables(address: string): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2019-09/schema',
    $id: address,
    type: 'object',
    title: 'What items can be filtered by',
    properties: {
      id: { title: 'Id', ...text },
      collection: { title: 'Collection', ...text },
      geometry: {
        title: 'Geometry',
        $ref: 'https://geojson.org/schema/Geometry.json',
      },
      datetime: { title: 'Time', type: ['string', 'null'], format: 'date-time' },
      platform: { title: 'Platform', ...text },
      constellation: { title: 'Constellation', ...text },
      gsd: { title: 'Ground sample distance, metres', type: 'number' },
      'eo:cloud_cover': { title: 'Cloud cover, percent', type: 'number' },
      'greenprint:trust': {
        title: 'Trust: "transport" where files were read unchecked',
        ...text,
      },
      'proj:code': { title: 'CRS', type: ['string', 'null'] },
    },
    additionalProperties: true,
  }
}
