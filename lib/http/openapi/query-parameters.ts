// Fields of a request as parameters of a query, and how a query writes each.

import * as z from '../../request/zod.ts'
import type { Parameter } from './operation.ts'

type Written = Readonly<Record<string, Parameter['written']>>

/** What is not here is plain text. */
export const written: Written = {
  item: 'json',
  search: 'json',
  assets: 'json',
  geometry: 'json',
  intersects: 'json',
  query: 'json',
  bbox: 'list',
  mask: 'list',
  rescale: 'list',
  outputs: 'list',
  collections: 'list',
  ids: 'list',
}

/**
 * @param examples by the name of the field
 * @param own what is written otherwise than everywhere
 */
export function queryOf(
  shape: Readonly<Record<string, z.ZodType>>,
  examples: Readonly<Record<string, unknown>>,
  own: Written = {},
): readonly Parameter[] {
  return Object.entries(shape).map(([name, schema]) => {
    const how = own[name] ?? written[name]
    return {
      in: 'query',
      name,
      description: descriptionOf(schema),
      schema,
      ...(how === undefined ? {} : { written: how }),
      ...(name in examples ? { example: examples[name] } : {}),
    }
  })
}

/** What is optional is described inside. */
function descriptionOf(schema: z.ZodType): string {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  return schema.description ?? (inner instanceof z.ZodType ? inner.description : undefined) ?? ''
}
