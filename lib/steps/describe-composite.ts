// A composite as its files and its reply tell it.

import type { CompositeMethod, CompositeRequest } from '../model/composite.ts'
import type { JointResult, PixelSource } from '../model/joint.ts'
import type { LeftOut } from '../model/series.ts'
import { dayTaken } from '../stac/acquisition.ts'
import { dateBand } from '../stac/date-band.ts'
import { lineageOf } from '../stac/lineage.ts'
import { type ComputedComposite, compositeBands } from './compute-composite.ts'
import { NO_PIXEL_CENTRE } from './explain-empty.ts'
import type { Joint, JointFile, JointInput, JointWords } from './joint.ts'
import type { JointSource } from './joint-source.ts'
import type { PlacedComposite } from './place-composite.ts'
import { describeRules, describeWindow } from './published-rules.ts'
import type { JointRecipe } from './recipe-of-joint.ts'

export interface CompositeParts extends ComputedComposite {
  readonly request: CompositeRequest
  readonly recipe: JointRecipe
  /** All that were found. */
  readonly sources: readonly JointSource[]
  readonly placed: PlacedComposite
}

export function describeComposite(parts: CompositeParts): Joint {
  const { request, recipe, placed, drawn, dates } = parts
  const inputs = inputsOf(parts)
  return {
    kind: 'composite',
    request,
    recipe,
    inputs,
    place: placed.place,
    bands: compositeBands,
    drawn,
    words: wordsOf(request.reduce, inputs, placed),
    others: dates === null ? [] : [datesFile(dates)],
    warnings: emptiness(drawn, inputs),
    leftOut: placed.leftOut,
    sources: pixelSources(parts, inputs),
  }
}

function inputsOf({ sources, placed: { stack } }: CompositeParts): JointInput[] {
  const byContent = new Map(sources.map((source) => [source.content, source]))
  return stack.members.map(({ scene, covered, placeWarning }, at) => {
    const { role, chosen, names } = byContent.get(scene.content)!
    const { window, selection } = stack.layers[at]!
    return {
      role,
      chosen,
      names,
      open: scene,
      covered,
      placeWarning,
      window: describeWindow(window, selection),
    }
  })
}

/** With what this very search left out: the same scenes may have been found by another. */
export function withLeftOut(result: JointResult, leftOut: readonly LeftOut[]): JointResult {
  return { ...result, left_out: [...leftOut, ...(result.left_out ?? [])] }
}

/** What was composed, and which of it pixels are of. */
function pixelSources(
  { counts, placed: { stack } }: CompositeParts,
  inputs: readonly JointInput[],
): PixelSource[] {
  return stack.observations.map((observation, order) => {
    const same = inputs.filter(({ open }) => open.observation === observation)
    const [first] = same
    return {
      date: (first && dayTaken(first.open.content.scene)) ?? '',
      scenes: same.map(({ role }) => role),
      ...(counts === null ? {} : { pixels: counts[order] ?? 0 }),
    }
  })
}

function datesFile(content: JointFile['content']): JointFile {
  return {
    file: 'dates.tif',
    content,
    roles: ['data', 'date'],
    title: 'Source date of each pixel, days since 1970-01-01',
    bands: [dateBand],
  }
}

interface Words {
  /** Before the number of scenes. */
  readonly short: string
  readonly long: string
}

const words: Readonly<Record<CompositeMethod, Words>> = {
  max_ndvi: {
    short: 'Largest value',
    long: 'The largest NDVI of each pixel; of equal ones that of the earliest scene',
  },
  median: {
    short: 'Median',
    long: 'The median of the NDVI of each pixel; of an even number of values the mean of the two in the middle',
  },
  latest_valid: {
    short: 'Latest value',
    long: 'The latest NDVI of each pixel that is not set aside',
  },
}

/** Scenes that the foot of a figure names one by one. */
const FEW = 3

function wordsOf(
  method: CompositeMethod,
  inputs: readonly JointInput[],
  { place: { grid } }: PlacedComposite,
): JointWords {
  const days = inputs.map(({ open }) => dayTaken(open.content.scene) ?? '')
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const span = first === last ? first : `${first} to ${last}`
  const ids = inputs.map(({ open }) => open.content.scene.id)
  const named = ids.length <= FEW ? ids : [ids[0]!, '…', ids.at(-1)!]
  const { short, long } = words[method]
  const scenes = `${ids.length} ${ids.length === 1 ? 'scene' : 'scenes'}`
  // Scenes of one product are read by the same rules, which are told once.
  const lineages = Map.groupBy(inputs, ({ open: { content, bands, applied } }) => {
    const { scene, rules } = content
    const { radiometry, mask } = applied
    const own = { rules: describeRules(bands, rules, applied), radiometry, mask }
    return lineageOf({ ...own, scene: { ...scene, id: 'the scene' }, grid })
  })
  const rules = [...lineages].map(
    ([lineage, of]) => `Of ${of.length === inputs.length ? 'each' : of.length}: ${lineage}`,
  )
  return {
    title: 'Composite of the Normalized Difference Vegetation Index (NDVI)',
    subtitle: `${short} of ${scenes} · ${span}`,
    footer: [`Scenes\t${named.join(' ')}`, 'Inputs\tby CID in item.json and request.json'],
    quantity: 'NDVI',
    lineage: `${long}, of ${scenes} from ${span}. Scenes of one platform and day count as one, of which the first with a value gives it. ${rules.join(' ')}`,
  }
}

/** Why no pixel has a value. */
function emptiness({ bands }: Joint['drawn'], inputs: readonly JointInput[]): string[] {
  const { valid_count, total_count, invalid } = bands[0]!.statistics
  if (valid_count > 0) return []
  if (total_count === 0) return [NO_PIXEL_CENTRE]
  return [
    `no pixel has a value in any of ${inputs.length} scenes: of ${total_count}, ${invalid.fill} were never observed and ${invalid.mask} always set aside; ask for more scenes, fewer classes of mask or another area`,
  ]
}
