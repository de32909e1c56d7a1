// A raster of several scenes as the API answers it.

import type { JointResult } from '../model/joint.ts'
import { type AddressedFiles, addressed } from './reply.ts'

export interface JointReply
  extends Omit<JointResult, 'root' | 'assets' | 'facts'>,
    AddressedFiles {}

/** @param base address of this deployment, without a trailing slash */
export function jointReply(result: JointResult, base: string): JointReply {
  const { facts: _, ...told } = result
  return { ...told, ...addressed(result, base) }
}
