// Lengths that are looked at before anything else is: what a schema makes of a million members, it makes a million
// faults of.

import * as z from './zod.ts'

/** Names in one list: a search asks for no more at a time. */
export const MOST_LISTED = 1000

/** The schema of a list that is refused by its length alone where it has more members. */
export function atMost<Schema extends z.ZodType>(most: number, schema: Schema) {
  return bounded(most, schema, (value) => (Array.isArray(value) ? value.length : 0), 'members')
}

/** The schema of a text that is refused by its length alone where it has more letters. */
export function textAtMost<Schema extends z.ZodType>(most: number, schema: Schema) {
  return bounded(most, schema, (value) => (typeof value === 'string' ? value.length : 0), 'letters')
}

function bounded<Schema extends z.ZodType>(
  most: number,
  schema: Schema,
  lengthOf: (value: unknown) => number,
  members: string,
) {
  return z.preprocess((value, context) => {
    const length = lengthOf(value)
    if (length <= most) return value
    context.addIssue({ code: 'custom', message: `has ${length} ${members}: at most ${most}` })
    return z.NEVER
  }, schema)
}
