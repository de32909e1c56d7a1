// What a server lets in that answers strangers by itself: what came through its CDN where it has one, and events of
// holders of a token.

import type { Config } from '../config/config.ts'
import type { Guard } from '../local/api-gateway.ts'
import { requireToken } from './auth.ts'
import { requireOrigin } from './origin-guard.ts'
import { problemResponse } from './problem.ts'

type Guarded = Pick<Config, 'local' | 'tokens' | 'originSecrets' | 'publicUrl'>

/** @param events path of the addresses that take events */
export function serverGuard(config: Guarded, events: string): Guard {
  return async ({ url, headers }) => {
    try {
      requireOrigin([...headers], config.originSecrets, config.publicUrl)
      const { pathname } = new URL(url)
      if (pathname.startsWith(`${events}/`)) {
        requireToken('jobs', headers.get('authorization') ?? undefined, config)
      }
      return { headers: {} }
    } catch (error) {
      return { refusal: problemResponse(error), error }
    }
  }
}
