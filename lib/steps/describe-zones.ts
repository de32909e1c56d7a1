// Counted zones as their record and their published file describe them.

import { canonicalJson } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { ZoneRow, ZonesResult } from '../model/zones.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import { type FileContent, memoryContent } from '../store/file-content.ts'
import { describeScene } from './describe-result.ts'
import { type KnownScene, leastTrustOf, type OpenScene } from './open-scenes.ts'
import type { ZonesRecipe } from './recipe-of-zones.ts'

/** `zones.json`: what was read, by which rules, and the numbers of each zone. @param qaLevels as qaLevelsOf */
export function writeZones(
  { request, inputs }: ZonesRecipe,
  rows: readonly ZoneRow[],
  qaLevels: Readonly<Record<string, number>>,
): Map<string, FileContent> {
  const described: JsonObject = {
    software: softwareLine,
    request,
    inputs,
    rows: rows.map((row) => ({ ...row })),
    ...(Object.keys(qaLevels).length === 0 ? {} : { qa_levels: qaLevels }),
  }
  const bytes = new TextEncoder().encode(canonicalJson(described))
  return new Map([['zones.json', memoryContent(bytes)]])
}

export function describeZones(
  { id }: ZonesRecipe,
  scenes: readonly OpenScene[],
  rows: readonly ZoneRow[],
  warnings: readonly string[],
  directory: PackedDirectory,
): ZonesResult {
  const [first] = scenes
  if (first === undefined) throw new TypeError('zones are counted on scenes')
  return unsignedJson({
    id,
    cached: false,
    item: describeScene(first.content.scene, 'The items were found for a series.'),
    rows,
    trust: leastTrustOf(scenes),
    software: softwareLine,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    warnings: [...new Set([...scenes.flatMap((scene) => scene.warnings), ...warnings])],
  })
}

/** The result as it is now: how a band's content is known may have changed since. */
export function describeKnownZones(known: ZonesResult, scenes: readonly KnownScene[]): ZonesResult {
  return { ...known, trust: leastTrustOf(scenes) }
}
