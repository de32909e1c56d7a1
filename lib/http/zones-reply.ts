// Counted zones as a job answers them.

import type { ZonesResult } from '../model/zones.ts'
import { type AddressedFiles, addressed } from './reply.ts'

export interface ZonesReply extends Omit<ZonesResult, 'root' | 'assets'>, AddressedFiles {}

/** @param base address of this deployment, without a trailing slash */
export function zonesReply(result: ZonesResult, base: string): ZonesReply {
  return { ...result, ...addressed(result, base) }
}
