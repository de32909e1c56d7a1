// How the pixel values of a scene are read, by its item and the request: their scale, and what masks them.

import { perObject } from '../model/per-object.ts'
import type { RadiometryRule } from '../model/radiometry.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import { chooseMask, type MaskChoice } from '../products/mask-rules.ts'
import { chooseRadiometry } from '../products/radiometry.ts'

/** What follows from the item and the request, before any file is opened. */
export interface Rules {
  readonly radiometry: RadiometryRule
  /** What is masked by the quality band, null when none is read. */
  readonly masking: MaskChoice | null
  readonly warnings: readonly string[]
}

type Asked = Pick<NdviRequest, 'scale' | 'mask'>

/** @throws {GreenprintError} `radiometry_unknown`, `mask_unavailable` */
export const chooseRules: (scene: Scene, request: Asked) => Rules = perObject(
  (scene: Scene, { scale, mask }: Asked): Rules => {
    const { rule, warnings } = chooseRadiometry(scene, scale)
    const masking = chooseMask(scene, mask)
    return { radiometry: rule, masking, warnings: [...warnings, ...(masking?.warnings ?? [])] }
  },
)
