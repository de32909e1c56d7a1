// A raster of several scenes as its reply and its record describe it, and as it is told to whoever asks again.

import type { JointResult, JointScene } from '../model/joint.ts'
import { leastOf } from '../model/scene.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { bandNumbers } from '../stac/joint-item.ts'
import { describeScene } from './describe-result.ts'
import { leastTrust } from './find-content.ts'
import type { Joint, JointInput } from './joint.ts'
import type { JointSource } from './joint-source.ts'
import { bandsAgain, keptBands, warningsSince } from './known-result.ts'
import { fileWarnings } from './open-bands.ts'
import { checkPlace } from './open-crs.ts'
import { layerPlace } from './picture-grids.ts'
import { type Provenance, trustWarnings } from './provenance.ts'
import type { JointRecipe } from './recipe-of-joint.ts'

/** @param provenances of the scenes, in their order */
export function describeJoint(
  joint: Joint,
  provenances: readonly Provenance[],
  { root, assets }: PackedDirectory,
): JointResult {
  const { kind, recipe, inputs, place, bands, drawn } = joint
  const scenes = inputs.map((input, at): [role: string, JointScene] => [
    input.role,
    describeInput(input, provenances[at]!),
  ])
  const numbers = bands.map(
    ({ name }, at) => [name, bandNumbers(drawn.bands[at]!.statistics)] as const,
  )
  const last = inputs.at(-1)!
  return unsignedJson({
    id: recipe.id,
    cached: false,
    kind,
    item: describeScene(last.open.content.scene, last.chosen),
    scenes: Object.fromEntries(scenes),
    ...(joint.leftOut === undefined ? {} : { left_out: joint.leftOut }),
    ...(joint.sources === undefined ? {} : { sources: joint.sources }),
    statistics: Object.fromEntries(numbers),
    grid: place.grid,
    ...layerPlace(place.pictures),
    area: { covered_percent: place.area.coveredPercent },
    proof: {
      software: recipe.software,
      trust: leastOf(scenes.map(([, { proof }]) => proof.trust)),
    },
    root: root.toString(),
    assets,
    publications: [],
    warnings: [
      ...ofScenes(
        inputs.map(({ role, open, placeWarning }) => [
          role,
          itemWarnings(open.content, placeWarning),
        ]),
      ),
      ...recipe.warnings,
      ...dataWarnings(joint),
      ...ofScenes(inputs.map(({ role }, at) => [role, provenances[at]!.warnings])),
    ],
  })
}

function describeInput(
  { open: { content, applied }, chosen, names, pixels }: JointInput,
  { trust, bands }: Provenance,
): JointScene {
  return {
    item: describeScene(content.scene, chosen),
    radiometry: applied.radiometry,
    mask: applied.mask,
    ...(pixels === undefined ? {} : { pixels }),
    proof: { trust, bands, ...(names.length > 0 ? { names } : {}) },
  }
}

/** Those of the caller's item. */
function itemWarnings(
  { scene, rules }: JointSource['content'],
  placeWarning: string | null,
): readonly string[] {
  return [...scene.warnings, ...rules.warnings, ...(placeWarning === null ? [] : [placeWarning])]
}

/** Those of the files and the grid: the same for whoever asks. */
function dataWarnings({ inputs, place, warnings }: Joint): string[] {
  const ofFiles = inputs.map(
    ({ role, open }) => [role, [...fileWarnings(open.bands), ...open.applied.warnings]] as const,
  )
  return [...ofScenes(ofFiles), ...place.warnings, ...warnings]
}

/** What holds for all scenes is told once, what holds for some under their roles. */
function ofScenes(
  told: readonly (readonly [role: string, warnings: readonly string[]])[],
): string[] {
  const texts = [...new Set(told.flatMap(([, warnings]) => warnings))]
  return texts.map((text) => {
    const roles = told.filter(([, warnings]) => warnings.includes(text)).map(([role]) => role)
    return roles.length === told.length ? text : `${roles.join(', ')}: ${text}`
  })
}

/** The record of a result: without addresses of the caller's, with what other callers are told instead. */
export function recordOfJoint(result: JointResult, joint: Joint): JointResult {
  const kept = joint.inputs.map(({ role, open, covered: { bbox, geometry } }) => {
    const { item, proof, ...scene } = result.scenes[role]!
    const { names: _, ...told } = proof
    const { bands, compared } = keptBands(proof.bands, open.bands)
    const own = { ...scene, item: { ...item, href: null, chosen: '' }, proof: { ...told, bands } }
    return { role, own, facts: { ground: { bbox, geometry }, compared } }
  })
  const warnings = dataWarnings(joint)
  return {
    ...result,
    item: { ...result.item, href: null, chosen: '' },
    scenes: Object.fromEntries(kept.map(({ role, own }) => [role, own])),
    warnings,
    facts: {
      warnings,
      scenes: Object.fromEntries(kept.map(({ role, facts }) => [role, facts])),
    },
  }
}

/**
 * @throws {GreenprintError} `raster_unusable` where a raster lies elsewhere than this caller's item says
 */
export function describeKnownJoint(
  known: JointResult,
  { recipe, sources }: { readonly recipe: JointRecipe; readonly sources: readonly JointSource[] },
): JointResult {
  const { facts, ...result } = known
  // Those that were left out are among what was found, and not among what was computed.
  const used = sources.filter(({ role }) => Object.hasOwn(result.scenes, role))
  const scenes = used.map(({ role, content, chosen, names }) => {
    const { item: _, proof, ...kept } = result.scenes[role]!
    const { names: __, ...read } = proof
    const { ground, compared = {} } = facts?.scenes[role] ?? {}
    const bands = bandsAgain(read.bands, content, compared)
    const placeWarning = ground === undefined ? null : checkPlace(content.scene, ground)
    const scene: JointScene = {
      ...kept,
      item: describeScene(content.scene, chosen),
      proof: {
        trust: leastTrust(content),
        bands: Object.fromEntries(bands.map(([name, , band]) => [name, band])),
        ...(names.length > 0 ? { names } : {}),
      },
    }
    const ofItem = itemWarnings(content, placeWarning)
    return { role, scene, ofItem, ofTrust: trustWarnings(bands) }
  })
  const last = used.at(-1)!
  return {
    ...result,
    item: describeScene(last.content.scene, last.chosen),
    scenes: Object.fromEntries(scenes.map(({ role, scene }) => [role, scene])),
    proof: { ...result.proof, trust: leastOf(scenes.map(({ scene }) => scene.proof.trust)) },
    warnings: [
      ...ofScenes(scenes.map(({ role, ofItem }) => [role, ofItem])),
      ...recipe.warnings,
      ...(facts?.warnings ?? []),
      ...ofScenes(scenes.map(({ role, ofTrust }) => [role, ofTrust])),
      ...warningsSince(known),
    ],
  }
}
