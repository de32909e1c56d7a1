// POST /change: from the HTTP request to the page of a change.

import type { Context } from 'hono'
import { measureChange } from '../change.ts'
import type { Config } from '../config/config.ts'
import { type ChangeOrder, changeRoles } from '../model/change.ts'
import { isJsonObject } from '../model/json.ts'
import { readChangeBody } from '../request/read-change.ts'
import type { AppServices } from '../services.ts'
import { recallChange } from '../steps/recall-change.ts'
import { answerJoint, type JointPage } from './answer-joint.ts'
import type { AppEnv } from './observe.ts'

const page: JointPage<ChangeOrder> = {
  read: readChangeBody,
  orderOf: (asked) => ({ ...asked, kind: 'change' }),
  compute: measureChange,
  // Of items that were sent along: others would be fetched.
  recall: async (order, services, signal) =>
    changeRoles.every((role) => isJsonObject(order.request[role].item))
      ? recallChange(order, services, signal)
      : null,
}

export function answerChange(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  return answerJoint(c, page, services, config)
}
