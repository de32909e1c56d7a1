// The catalogue as its callers see it. What its documents hold is told by the STAC API specification, not here.

import { catalogueSearchSchema } from '../../request/catalogue-search.ts'
import * as z from '../../request/zod.ts'
import type { Operation, Parameter } from './operation.ts'
import { written } from './query-parameters.ts'

const links = z.array(z.looseObject({ rel: z.string(), href: z.string() }))
const json = (schema: z.ZodType) => ({ 'application/json': schema })

const landing = z
  .looseObject({
    type: z.literal('Catalog'),
    id: z.string(),
    conformsTo: z.array(z.string()),
    links,
  })
  .meta({ id: 'StacLanding' })
const collection = z
  .looseObject({ type: z.literal('Collection'), id: z.string(), links })
  .meta({ id: 'StacCollection' })
const item = z
  .looseObject({ type: z.literal('Feature'), id: z.string(), collection: z.string(), links })
  .meta({ id: 'StacItem' })
const page = z
  .looseObject({
    type: z.literal('FeatureCollection'),
    // With `fields` an item may lack most of itself.
    features: z.array(z.looseObject({ id: z.string(), collection: z.string() })),
    numberReturned: z.int().min(0),
    links,
  })
  .meta({ id: 'StacItems' })
const schema = z.looseObject({ $id: z.string(), type: z.literal('object') })

const inPath = (name: string, description: string): Parameter => ({
  in: 'path',
  name,
  description,
  schema: z.string(),
})
const id = inPath('id', 'of a collection')

const texts: Readonly<Record<string, z.ZodType>> = {
  sortby: z.enum([
    'datetime',
    '+datetime',
    '-datetime',
    '+properties.datetime',
    '-properties.datetime',
  ]),
  fields: z.string(),
}

const query = Object.entries(catalogueSearchSchema.shape).map(([name, of]): Parameter => {
  const how = name === 'filter' ? 'json' : written[name]
  const inner = of.unwrap()
  return {
    in: 'query',
    name,
    description: of.description ?? inner.description ?? '',
    schema: (texts[name] ?? inner).optional(),
    ...(how === undefined ? {} : { written: how }),
  }
})

const document = (path: string, name: string, summary: string, reply: z.ZodType): Operation => ({
  method: 'get',
  path,
  id: name,
  summary,
  ...(path.includes('{id}') ? { parameters: [id] } : {}),
  replies: { 200: { description: summary, content: json(reply) } },
  problems: path.includes('{id}') ? ['not_found'] : [],
})

const found = {
  200: { description: 'A page of items', content: { 'application/geo+json': page } },
}
const faults = ['invalid_request', 'store_failed', 'deadline_exceeded'] as const

export const stacOperations: readonly Operation[] = [
  document(
    '/stac',
    'getStac',
    'The catalogue: what it conforms to, and where all of it is',
    landing,
  ),
  document(
    '/stac/conformance',
    'getStacConformance',
    'What the catalogue conforms to',
    z.object({ conformsTo: z.array(z.string()) }),
  ),
  document(
    '/stac/collections',
    'getStacCollections',
    'Its collections',
    z.looseObject({ collections: z.array(collection), links }),
  ),
  ...['/stac/queryables', '/stac/collections/{id}/queryables'].map(
    (path, at): Operation => ({
      ...document(
        path,
        `getStacQueryables${at === 0 ? '' : 'OfCollection'}`,
        'What items can be filtered by',
        schema,
      ),
      replies: {
        200: {
          description: 'A JSON Schema',
          content: { 'application/schema+json': schema },
        },
      },
    }),
  ),
  {
    method: 'get',
    path: '/stac/api',
    id: 'getStacApi',
    summary: 'This description, under the media type of OpenAPI',
    replies: {
      200: {
        description: 'OpenAPI 3.1',
        content: { 'application/vnd.oai.openapi+json': z.looseObject({ openapi: z.string() }) },
      },
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/stac/collections/{id}/items',
    id: 'getStacItems',
    summary: 'The items of a collection, the newest first',
    parameters: [id, ...query.filter(({ name }) => name !== 'collections')],
    replies: found,
    problems: ['not_found', ...faults],
  },
  {
    method: 'get',
    path: '/stac/collections/{id}/items/{item}',
    id: 'getStacItem',
    summary: 'One item',
    parameters: [id, inPath('item', 'id of the item')],
    replies: { 200: { description: 'The item', content: { 'application/geo+json': item } } },
    problems: ['not_found', 'store_failed', 'deadline_exceeded'],
  },
  {
    method: 'get',
    path: '/stac/search',
    id: 'searchStac',
    summary: 'Items of all collections',
    parameters: query,
    replies: found,
    problems: [...faults],
  },
  {
    method: 'post',
    path: '/stac/search',
    id: 'postSearchStac',
    summary: 'The same, as JSON',
    body: {
      schema: catalogueSearchSchema,
      examples: { box: { collections: ['ndvi'], bbox: [-60, -4, -59, -3], limit: 5 } },
    },
    replies: found,
    problems: ['too_large', ...faults],
  },
  // Last: its id stands for all that follows it.
  document('/stac/collections/{id}', 'getStacCollection', 'One of them', collection),
]
