// POST /composite: from the HTTP request to the page of a composite.

import type { Context } from 'hono'
import { composeScenes } from '../composite.ts'
import type { Config } from '../config/config.ts'
import type { CompositeOrder } from '../model/composite.ts'
import { readCompositeBody } from '../request/read-composite.ts'
import type { AppServices } from '../services.ts'
import { answerJoint, type JointPage } from './answer-joint.ts'
import type { AppEnv } from './observe.ts'

const page: JointPage<CompositeOrder> = {
  read: readCompositeBody,
  orderOf: (asked) => ({ ...asked, kind: 'composite' }),
  compute: composeScenes,
  // Its scenes are searched for.
  recall: async () => null,
}

export function answerComposite(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  return answerJoint(c, page, services, config)
}
