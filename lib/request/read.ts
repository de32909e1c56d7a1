// Reads and checks a request as JSON, from a body, a query string or an event.

import { GreenprintError } from '../errors.ts'
import type { FingerprintRequest } from '../model/fingerprint-request.ts'
import { jsonFault } from '../model/i-json.ts'
import { defaultOutputs, type NdviRequest } from '../model/request.ts'
import type { Trust } from '../model/scene.ts'
import type { SceneListRequest } from '../model/scene-list.ts'
import type { VerifyRequest } from '../model/verify-request.ts'
import { refusal } from './refusal.ts'
import {
  type Checked,
  fingerprintSchema,
  ndviSchema,
  scenesSchema,
  verifySchema,
} from './schema.ts'
import type * as z from './zod.ts'

export interface AskedNdvi {
  readonly request: NdviRequest
  /** The least that is accepted. */
  readonly trust: Trust
  /** Whether to publish; undefined where the caller did not say. */
  readonly pin: boolean | undefined
}

export interface AskedFingerprint {
  readonly request: FingerprintRequest
  /** Whether to publish; undefined where the caller did not say. */
  readonly pin: boolean | undefined
}

/**
 * @param mayBeBare whether a request for no output at all is read, which only a reply can answer
 * @throws {GreenprintError} `invalid_request`, one detail line per fault
 */
export function readNdviBody(body: unknown, mayBeBare = false): AskedNdvi {
  const { pin, trust, search, names, assets, outputs, ...rest } = checked(ndviSchema, body)
  if (outputs?.length === 0 && (!mayBeBare || pin === true)) {
    throw new GreenprintError(
      'invalid_request',
      'outputs: numbers alone are answered at once, and nothing of them is kept or published: name an output.',
    )
  }
  const request: NdviRequest = {
    ...withoutUndefined(rest),
    ...(search === undefined ? {} : { search: withoutUndefined(search) }),
    ...(names === true ? { names } : {}),
    ...(assets === undefined ? {} : { assets: withoutUndefined(assets) }),
    outputs: outputs ?? defaultOutputs(rest),
  }
  return { request, trust, pin }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readFingerprintBody(body: unknown): AskedFingerprint {
  const { pin, item, search, assets, profile } = checked(fingerprintSchema, body)
  const request: FingerprintRequest = {
    ...(item === undefined ? {} : { item }),
    ...(search === undefined ? {} : { search: withoutUndefined(search) }),
    ...(assets === undefined
      ? {}
      : { assets: Array.isArray(assets) ? assets : withoutUndefined(assets) }),
    profile,
  }
  return { request, pin }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readVerifyBody(body: unknown): VerifyRequest {
  return withoutUndefined(checked(verifySchema, body))
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readScenesBody(body: unknown): SceneListRequest {
  const { assets, limit, page, fields: _, ...search } = checked(scenesSchema, body)
  const bands = assets === undefined ? {} : { assets: withoutUndefined(assets) }
  return { search: withoutUndefined(search), ...bands, limit, page }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): Checked<Schema> {
  const unfit = jsonFault(body)
  if (unfit !== null) throw new GreenprintError('invalid_request', `The request ${unfit}.`)
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error.issues)
  return parsed.data
}

/** zod's optional keys may hold undefined; ours may not. */
export function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly what the filter leaves
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
