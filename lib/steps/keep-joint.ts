// From a drawn raster of several scenes to a result that is kept: its files, its record, and what lies beside it.

import type { ContentStore } from '../kept/content-store.ts'
import type { ShelfName } from '../kept/shelves.ts'
import type { JointResult } from '../model/joint.ts'
import { packDirectory } from '../publish/directory.ts'
import type { Results } from '../publish/results.ts'
import { describeJoint, recordOfJoint } from './describe-joint.ts'
import type { Joint } from './joint.ts'
import { drawJoint } from './joint-files.ts'
import { type KeptBeside, keepBeside, type MadeBy } from './keep-beside.ts'
import type { Provenance } from './provenance.ts'

export interface KeptJoints extends KeptBeside {
  readonly store: Pick<ContentStore, 'keep'>
  readonly jointResults: Results<JointResult>
}

/**
 * @param provenances of the scenes, in their order
 * @param made `isOffered`: what is known already stays; `shelf`: where the files are kept
 * @throws {GreenprintError} `store_failed`
 */
export async function keepJoint(
  joint: Joint,
  provenances: readonly Provenance[],
  made: Omit<MadeBy, 'keepRecord'> & { readonly isOffered: boolean; readonly shelf: ShelfName },
  services: KeptJoints,
  signal: AbortSignal,
): Promise<JointResult> {
  const files = await drawJoint(joint, signal)
  const directory = await packDirectory(files, services.store, made.shelf, signal)
  const result = describeJoint(joint, provenances, directory)
  const record = recordOfJoint(result, joint)
  const keepRecord = (stop: AbortSignal) =>
    services.jointResults[made.isOffered ? 'offer' : 'put'](record, stop)
  const { kind, recipe, inputs } = joint
  const sources = inputs.map(({ role, open }) => {
    const { scene } = open.content
    return { role, scene, bands: open.bands, proof: result.scenes[role]!.proof }
  })
  const by = { ...made, keepRecord }
  await keepBeside({ made: kind, recipe, sources, result }, files, by, services, signal)
  return result
}
