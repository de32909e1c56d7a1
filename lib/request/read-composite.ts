// Reads and checks the body of POST /composite.

import type { CompositeRequest } from '../model/composite.ts'
import { defaultOutputs } from '../model/request.ts'
import type { Trust } from '../model/scene.ts'
import { compositeSchema } from './composite-schema.ts'
import { checked } from './read.ts'

export interface AskedComposite {
  readonly request: CompositeRequest
  /** The least that is accepted. */
  readonly trust: Trust
  /** Whether to publish; undefined where the caller did not say. */
  readonly pin: boolean | undefined
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readCompositeBody(body: unknown): AskedComposite {
  const { pin, trust, mask, outputs, ...rest } = checked(compositeSchema, body)
  const request: CompositeRequest = {
    ...rest,
    mask: mask ?? null,
    outputs: outputs ?? defaultOutputs(rest),
  }
  return { request, trust, pin }
}
