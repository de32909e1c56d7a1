// Reads and checks a request as JSON, whichever door it came by.

import { GreenprintError } from '../errors.ts'
import type { NdviRequest } from '../model/request.ts'
import { ndviSchema } from './schema.ts'

/** STAC items have about ten levels. The schema descends by recursion, which a deeper value would exhaust. */
const MAX_DEPTH = 100

function isDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    if (level.length === 0) return false
    level = level.flatMap((inner) =>
      typeof inner === 'object' && inner !== null ? Object.values(inner) : [],
    )
  }
  return true
}

/** `pin` is undefined where the caller did not say. */
export type AskedNdvi = Omit<NdviRequest, 'pin'> & { readonly pin: boolean | undefined }

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readNdviBody(body: unknown): AskedNdvi {
  if (isDeep(body)) {
    throw new GreenprintError(
      'invalid_request',
      `The request is nested more than ${MAX_DEPTH} levels deep.`,
    )
  }
  const parsed = ndviSchema.safeParse(body)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`,
    )
    throw new GreenprintError(
      'invalid_request',
      `The request has ${faults.length} fault(s): ${faults.join('; ')}.`,
      {
        details: faults,
      },
    )
  }
  const { pin, item, search, bbox, geometry, ...rest } = parsed.data
  return {
    ...rest,
    ...(item === undefined ? {} : { item }),
    ...(search === undefined ? {} : { search: withoutUndefined(search) }),
    ...(bbox === undefined ? {} : { bbox }),
    ...(geometry === undefined ? {} : { geometry }),
    pin,
  }
}

/** zod's optional keys may hold undefined; ours may not. */
function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter leaves
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
