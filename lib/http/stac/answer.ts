// The catalogue over HTTP: documents, and pages of items.

import type { Context } from 'hono'
import type { ItemCatalogue } from '../../catalogue/catalogue.ts'
import type { CataloguePage } from '../../catalogue/catalogue-query.ts'
import { selectFields } from '../../catalogue/fields.ts'
import type { Config } from '../../config/config.ts'
import { GreenprintError } from '../../errors.ts'
import type { JsonObject } from '../../model/json.ts'
import {
  type CatalogueSearch,
  readCatalogueQuery,
  readCatalogueSearch,
} from '../../request/catalogue-search.ts'
import type { AppServices } from '../../services.ts'
import { callerOf } from '../caller.ts'
import { LightResponse } from '../light/response.ts'
import type { AppEnv } from '../observe.ts'
import { parseBody } from '../parse-body.ts'
import { withRequestLimit } from '../time-limit.ts'
import { collectionDocument, collectionIds, queryables } from './collections.ts'
import { conformsTo, landingPage } from './landing.ts'
import { searchPage } from './query.ts'
import { servedItem } from './served-item.ts'

type Ask = Context<AppEnv>
type Services = AppServices

const GEOJSON = { 'content-type': 'application/geo+json' } as const

/** Everything that is no search and no item. @throws {GreenprintError} `not_found` */
export function answerDocument(c: Ask, { catalogue }: Services, config: Config): Response {
  const root = rootOf(c, config)
  const path = c.req.path.replace(/^\/stac\/?/, '').replace(/\/$/, '')
  const known = collectionIds(catalogue)
  if (path === '') return LightResponse.json(landingPage(root, catalogue))
  if (path === 'conformance') return LightResponse.json({ conformsTo })
  if (path === 'queryables') return schema(root)
  if (path === 'collections') {
    const collections = known.map((id) => collectionDocument(id, root))
    const links = [
      { rel: 'self', href: `${root}/collections`, type: 'application/json' },
      { rel: 'root', href: root, type: 'application/json' },
      { rel: 'parent', href: root, type: 'application/json' },
    ]
    return LightResponse.json({ collections, links })
  }
  const [, id = '', part] = /^collections\/([^/]+)(\/queryables)?$/.exec(path) ?? []
  if (!known.includes(id)) throw noCollection(id, catalogue)
  return part === undefined
    ? LightResponse.json(collectionDocument(id, root))
    : schema(`${root}/collections/${id}`)
}

function schema(owner: string): Response {
  return LightResponse.json(queryables(`${owner}/queryables`), {
    headers: { 'content-type': 'application/schema+json' },
  })
}

/** GET and POST of a search. */
export function answerSearch(c: Ask, services: Services, config: Config): Promise<Response> {
  return withRequestLimit(c.env, services, async (signal) => {
    const root = rootOf(c, config)
    const isPost = c.req.method === 'POST'
    const body = isPost ? parseBody(await c.req.text()) : null
    const asked = isPost ? readCatalogueSearch(body) : readCatalogueQuery(paramsOf(c))
    const page = await searchPage(asked, services.catalogue, null, signal)
    const href = `${root}/search`
    const next =
      page.next === null
        ? []
        : [isPost ? byBody(href, body, page.next) : byQuery(href, c, page.next)]
    return itemPage(
      c,
      page,
      asked,
      [{ rel: 'self', href: selfOf(c, root), type: GEOJSON['content-type'] }, ...next],
      config,
    )
  })
}

/** The items of one collection. @throws {GreenprintError} `not_found`, `invalid_request`, `store_failed` */
export function answerItems(
  c: Ask,
  collection: string,
  services: Services,
  config: Config,
): Promise<Response> {
  return withRequestLimit(c.env, services, async (signal) => {
    const root = rootOf(c, config)
    const { catalogue } = services
    if (!collectionIds(catalogue).includes(collection)) throw noCollection(collection, catalogue)
    const asked = readCatalogueQuery(paramsOf(c))
    // pystac-client says it once more.
    if (asked.collections?.includes(collection) === false) {
      throw new GreenprintError(
        'invalid_request',
        `The address has the items of ${collection} alone: leave out collections, or ask /stac/search.`,
      )
    }
    const page = await searchPage(asked, catalogue, collection, signal)
    const owner = `${root}/collections/${collection}`
    const next = page.next === null ? [] : [byQuery(`${owner}/items`, c, page.next)]
    const links = [
      { rel: 'self', href: selfOf(c, root), type: GEOJSON['content-type'] },
      { rel: 'collection', href: owner, type: 'application/json' },
      { rel: 'parent', href: owner, type: 'application/json' },
      ...next,
    ]
    return itemPage(c, page, asked, links, config)
  })
}

/** @throws {GreenprintError} `not_found`, `store_failed` */
export function answerItem(
  c: Ask,
  { collection, id }: { readonly collection: string; readonly id: string },
  services: Services,
  config: Config,
): Promise<Response> {
  return withRequestLimit(c.env, services, async (signal) => {
    const { catalogue } = services
    if (!collectionIds(catalogue).includes(collection)) throw noCollection(collection, catalogue)
    const entry = await catalogue.get(collection, id, signal)
    if (entry === null) {
      throw new GreenprintError('not_found', `The collection ${collection} has no item of this id.`)
    }
    return LightResponse.json(servedItem(entry, callerOf(c, config).base), { headers: GEOJSON })
  })
}

function itemPage(
  c: Ask,
  { entries }: CataloguePage,
  { fields }: CatalogueSearch,
  links: readonly JsonObject[],
  config: Config,
): Response {
  const { base } = callerOf(c, config)
  const features = entries.map((entry) => {
    const item = servedItem(entry, base)
    return fields === undefined ? item : selectFields(item, fields)
  })
  const root = { rel: 'root', href: `${base}/stac`, type: 'application/json' }
  const body = {
    type: 'FeatureCollection',
    features,
    numberReturned: features.length,
    links: [root, ...links],
  }
  return LightResponse.json(body, { headers: GEOJSON })
}

function byBody(href: string, body: unknown, token: string): JsonObject {
  return {
    rel: 'next',
    href,
    type: GEOJSON['content-type'],
    method: 'POST',
    body: { ...Object(body), token },
  }
}

function byQuery(href: string, c: Ask, token: string): JsonObject {
  const params = paramsOf(c)
  params.set('token', token)
  return {
    rel: 'next',
    href: `${href}?${params.toString()}`,
    type: GEOJSON['content-type'],
    method: 'GET',
  }
}

function paramsOf(c: Ask): URLSearchParams {
  return new URL(c.req.url).searchParams
}

function rootOf(c: Ask, config: Config): string {
  return `${callerOf(c, config).base}/stac`
}

function selfOf(c: Ask, root: string): string {
  const { pathname, search: query } = new URL(c.req.url)
  return `${root.replace(/\/stac$/, '')}${pathname}${query}`
}

function noCollection(id: string, catalogue: ItemCatalogue): GreenprintError {
  return new GreenprintError(
    'not_found',
    `There is no collection ${JSON.stringify(id.slice(0, 80))}; there are ${collectionIds(catalogue).join(', ')}.`,
  )
}
