// The change between two scenes as its files and its reply tell it.

import type { ChangeRequest, ChangeRole } from '../model/change.ts'
import { acquisitionOf, dayTaken } from '../stac/acquisition.ts'
import { lineageOf } from '../stac/lineage.ts'
import { differenceExpression } from '../stac/ndvi-band.ts'
import { type ComputedChange, changeBands } from './compute-change.ts'
import { NO_PIXEL_CENTRE } from './explain-empty.ts'
import { footed } from './file-parts.ts'
import type { Joint, JointInput, JointWords } from './joint.ts'
import type { JointSource } from './joint-source.ts'
import type { OpenScene } from './open-scenes.ts'
import type { PlacedPair } from './place-pair.ts'
import { describeRules, describeWindow } from './published-rules.ts'
import type { JointRecipe } from './recipe-of-joint.ts'

export interface ChangeParts extends ComputedChange {
  readonly request: ChangeRequest
  readonly recipe: JointRecipe
  readonly sources: readonly JointSource[]
  readonly scenes: readonly OpenScene[]
  readonly pair: PlacedPair
}

export function describeChange(parts: ChangeParts): Joint {
  const { request, recipe, sources, scenes, pair, drawn, pixels } = parts
  const inputs = sources.map(({ role, chosen, names }, at): JointInput => {
    const { placed, window, selection } = pair.windows[at]!
    const { covered, placeWarning } = placed
    return {
      role,
      chosen,
      names,
      open: scenes[at]!,
      covered,
      placeWarning,
      window: describeWindow(window, selection),
      pixels: pixels[at]!,
    }
  })
  return {
    kind: 'change',
    request,
    recipe,
    inputs,
    place: pair.place,
    bands: changeBands,
    drawn,
    words: wordsOf(inputs, pair),
    others: [],
    warnings: [...sameness(inputs), ...orderOf(inputs), ...emptiness(drawn, inputs)],
  }
}

const labels: Readonly<Record<ChangeRole, string>> = { before: 'Before', after: 'After' }

function wordsOf(inputs: readonly JointInput[], { place: { grid } }: PlacedPair): JointWords {
  const [before, after] = inputs.map(({ open }) => open.content.scene)
  if (before === undefined || after === undefined) throw new TypeError('a pair has two scenes')
  const days = [before, after].map((scene) => dayTaken(scene) ?? scene.id)
  const rules = inputs.map(({ open: { content, bands, applied } }) =>
    describeRules(bands, content.rules, applied),
  )
  const lineages = inputs.map(({ role, open: { content, applied } }, at) => {
    const { radiometry, mask } = applied
    const own = { scene: content.scene, grid, rules: rules[at]!, radiometry, mask }
    return `${labelOf(role)}: ${lineageOf(own)}`
  })
  return {
    title: 'Change of the Normalized Difference Vegetation Index (NDVI)',
    subtitle: `${days.join(' to ')} · ${after.id} less ${before.id}`,
    footer: inputs.flatMap(({ role, open: { bands } }) => [
      `${labelOf(role)}, red\t${footed(bands.red)}`,
      `${labelOf(role)}, NIR\t${footed(bands.nir)}`,
      ...(bands.qa === null ? [] : [`${labelOf(role)}, QA\t${footed(bands.qa)}`]),
    ]),
    quantity: 'NDVI after less NDVI before',
    lineage: `NDVI of ${after.id} less NDVI of ${before.id}, both in double precision; without a value where either has none. ${lineages.join(' ')}`,
    expression: differenceExpression(rules[0]!, rules[1]!),
  }
}

function labelOf(role: string): string {
  return role === 'before' || role === 'after' ? labels[role] : role
}

/** Two searches may well find one scene, of which the difference is 0 everywhere. Ids of items of one's own repeat. */
function sameness(inputs: readonly JointInput[]): string[] {
  const [before, after] = inputs.map(({ open }) => {
    const { id, collection, datetime } = open.content.scene
    return JSON.stringify([id, collection, datetime])
  })
  return before === after
    ? ['before and after are one scene: give times that do not overlap, or two items']
    : []
}

function orderOf(inputs: readonly JointInput[]): string[] {
  const [before, after] = inputs.map(({ open }) => {
    const { datetime, start_datetime } = acquisitionOf(open.content.scene) ?? {}
    const time = datetime ?? start_datetime
    return typeof time === 'string' ? Date.parse(time) : Number.NaN
  })
  return before! > after!
    ? ['the scene given as before was taken later than the one given as after']
    : []
}

/** Why no pixel has a value of both. */
function emptiness({ bands }: Joint['drawn'], inputs: readonly JointInput[]): string[] {
  const { valid_count, total_count } = bands[0]!.statistics
  if (valid_count > 0) return []
  if (total_count === 0) return [NO_PIXEL_CENTRE]
  const told = inputs.map(({ role, pixels }) => `${pixels?.valid_count ?? 0} ${role}`)
  return [
    `no pixel has a value in both scenes: of ${total_count} there are ${told.join(' and ')}; ask for fewer classes of mask, another area or other scenes`,
  ]
}
