// POST /change: from the HTTP request to the page of a change.

import type { Context } from 'hono'
import { measureChange } from '../change.ts'
import type { Config } from '../config/config.ts'
import type { ChangeOrder } from '../model/change.ts'
import { readChangeBody } from '../request/read-change.ts'
import type { AppServices } from '../services.ts'
import { answerJoint, type JointPage } from './answer-joint.ts'
import type { AppEnv } from './observe.ts'

const page: JointPage<ChangeOrder> = {
  read: readChangeBody,
  orderOf: (asked) => ({ ...asked, kind: 'change' }),
  compute: measureChange,
}

export function answerChange(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  return answerJoint(c, page, services, config)
}
