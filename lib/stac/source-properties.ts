// What a published item keeps of its source's properties: when and by what the scene was taken, as valid STAC.

import type { JsonObject } from '../model/json.ts'
import type { Scene } from '../model/scene.ts'
import { acquisitionOf } from './acquisition.ts'

export interface SourceProperties {
  readonly properties: JsonObject
  /** What of the item is not valid STAC and was left out. */
  readonly warnings: readonly string[]
}

/** Its cloud cover is left out: it is of the whole scene, not of this crop. */
export function sourceProperties(scene: Scene): SourceProperties {
  const platform = textOf(scene, 'platform')
  const constellation = textOf(scene, 'constellation')
  const instruments = instrumentsOf(scene)
  const told = { platform, constellation, instruments }
  const kept = Object.entries(told).filter(([, value]) => value != null)
  const invalid = Object.entries(told).filter(([, value]) => value === null)
  const written = scene.properties.datetime ?? scene.properties.start_datetime
  const time = acquisitionOf(scene)
  return {
    properties: { ...time, ...Object.fromEntries(kept) },
    warnings: [
      ...invalid.map(
        ([name]) =>
          `the item's ${name} is ${JSON.stringify(scene.properties[name]).slice(0, 60)}, which is not valid STAC: it is left out of the published item`,
      ),
      ...(typeof written === 'string' && time !== null && !Object.values(time).includes(written)
        ? [`the item's datetime "${written.slice(0, 40)}" is published as ${describe(time)}`]
        : []),
    ],
  }
}

function describe({ datetime, start_datetime, end_datetime }: JsonObject): string {
  return typeof datetime === 'string' ? datetime : JSON.stringify([start_datetime, end_datetime])
}

/** undefined where the item has none, null where it is not text. */
function textOf({ properties }: Scene, name: string): string | null | undefined {
  const value = properties[name] ?? undefined
  if (value === undefined) return undefined
  return typeof value === 'string' && value !== '' ? value : null
}

/** One name is a list of one. */
function instrumentsOf({ properties }: Scene): readonly string[] | null | undefined {
  const value = properties.instruments ?? undefined
  if (value === undefined) return undefined
  const names = typeof value === 'string' ? [value] : Array.isArray(value) ? value : []
  const texts = names.filter((name): name is string => typeof name === 'string' && name !== '')
  return texts.length === names.length && texts.length > 0 ? texts : null
}
