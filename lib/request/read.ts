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
  const { pin, trust, names, outputs, ...rest } = checked(ndviSchema, body)
  if (outputs?.length === 0 && (!mayBeBare || pin === true)) {
    throw new GreenprintError(
      'invalid_request',
      'outputs: numbers alone are answered at once, and nothing of them is kept or published: name an output.',
    )
  }
  const request: NdviRequest = {
    ...rest,
    ...(names === true ? { names } : {}),
    outputs: outputs ?? defaultOutputs(rest),
  }
  return { request, trust, pin }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readFingerprintBody(body: unknown): AskedFingerprint {
  const { pin, ...request } = checked(fingerprintSchema, body)
  return { request, pin }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readVerifyBody(body: unknown): VerifyRequest {
  return checked(verifySchema, body)
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readScenesBody(body: unknown): SceneListRequest {
  const { assets, limit, page, fields: _, ...search } = checked(scenesSchema, body)
  return { search, ...(assets === undefined ? {} : { assets }), limit, page }
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): Checked<Schema> {
  const unfit = jsonFault(body)
  if (unfit !== null) throw new GreenprintError('invalid_request', `The request ${unfit}.`)
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error.issues)
  return parsed.data
}
