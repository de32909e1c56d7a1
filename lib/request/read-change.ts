// Reads and checks the body of POST /change.

import type { AskedScene, ChangeRequest } from '../model/change.ts'
import { defaultOutputs } from '../model/request.ts'
import type { Trust } from '../model/scene.ts'
import { changeSchema } from './change-schema.ts'
import { checked } from './read.ts'

export interface AskedChange {
  readonly request: ChangeRequest
  /** The least that is accepted. */
  readonly trust: Trust
  /** Whether to publish; undefined where the caller did not say. */
  readonly pin: boolean | undefined
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readChangeBody(body: unknown): AskedChange {
  const { pin, trust, before, after, search, names, mask, outputs, ...rest } = checked(
    changeSchema,
    body,
  )
  const sceneOf = ({ item, search: own }: typeof before): AskedScene =>
    item === undefined ? { search: { ...search, ...own } } : { item }
  const request: ChangeRequest = {
    ...rest,
    before: sceneOf(before),
    after: sceneOf(after),
    ...(names === true ? { names } : {}),
    mask: mask ?? null,
    outputs: outputs ?? defaultOutputs(rest),
  }
  return { request, trust, pin }
}
