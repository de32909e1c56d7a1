// Lengths that are looked at before anything else is: what a schema makes of a million members, it makes a million
// faults of.

import * as z from './zod.ts'

/** Names in one list: a search asks for no more at a time. */
export const MOST_LISTED = 1000

/** The schema of a list, or of a text, that is refused by its length alone where it has more members, or letters. */
export function atMost<Schema extends z.ZodType>(most: number, schema: Schema) {
  return z.preprocess((value, context) => {
    const length = Array.isArray(value) || typeof value === 'string' ? value.length : 0
    if (length <= most) return value
    const members = Array.isArray(value) ? 'members' : 'letters'
    context.addIssue({ code: 'custom', message: `has ${length} ${members}: at most ${most}` })
    return z.NEVER
  }, schema)
}
