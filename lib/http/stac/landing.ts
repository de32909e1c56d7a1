// The landing page of the catalogue: what it is, what it conforms to, where all of it is.

import type { ItemCatalogue } from '../../catalogue/catalogue.ts'
import type { JsonObject } from '../../model/json.ts'
import { collectionIds, queryablesLink } from './collections.ts'

/** What is kept, and tested; nothing else is claimed. */
export const conformsTo = [
  'https://api.stacspec.org/v1.0.0/core',
  'https://api.stacspec.org/v1.0.0/collections',
  'https://api.stacspec.org/v1.0.0/ogcapi-features',
  'https://api.stacspec.org/v1.0.0/item-search',
  'https://api.stacspec.org/v1.0.0/item-search#fields',
  'https://api.stacspec.org/v1.0.0/item-search#filter',
  'https://api.stacspec.org/v1.0.0/item-search#query',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-json',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2',
] as const

export const OPENAPI_TYPE = 'application/vnd.oai.openapi+json;version=3.1'

/** @param root address of the API, without a slash at its end */
export function landingPage(root: string, catalogue: Pick<ItemCatalogue, 'fixed'>): JsonObject {
  return {
    type: 'Catalog',
    stac_version: '1.1.0',
    id: 'greenprint',
    title: 'Greenprint',
    description:
      'NDVI that can be computed again, and scenes that are named by content: what this deployment has made.',
    conformsTo,
    links: [
      { rel: 'self', href: root, type: 'application/json' },
      { rel: 'root', href: root, type: 'application/json' },
      { rel: 'conformance', href: `${root}/conformance`, type: 'application/json' },
      { rel: 'service-desc', href: `${root}/api`, type: OPENAPI_TYPE },
      { rel: 'data', href: `${root}/collections`, type: 'application/json' },
      ...searchLinks(root),
      queryablesLink(root),
      ...collectionIds(catalogue).map((id) => ({
        rel: 'child',
        href: `${root}/collections/${id}`,
        type: 'application/json',
      })),
    ],
  }
}

function searchLinks(root: string): JsonObject[] {
  return ['GET', 'POST'].map((method) => ({
    rel: 'search',
    href: `${root}/search`,
    type: 'application/geo+json',
    method,
  }))
}
