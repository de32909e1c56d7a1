// From the items of a series to scenes and their rules: clouds are masked where a scene tells them.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import type { JsonObject } from '../model/json.ts'
import { type AskedAssets, cloudClasses, type NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import { readItem } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { chooseRules, type Rules } from './choose-rules.ts'

/** How every scene of a series is read. */
export interface ReadingWish {
  readonly assets?: AskedAssets
  readonly scale: NdviRequest['scale']
  /** null: clouds, where the scene has a quality band that tells them. */
  readonly mask: NdviRequest['mask'] | null
}

export interface ReadScene {
  readonly scene: Scene
  readonly rules: Rules
  /** Which observation it belongs to, from 0. */
  readonly observation: number
}

/**
 * @param items by observation
 * @throws {GreenprintError} `item_invalid`, `asset_missing`, `asset_unusable`, `radiometry_unknown`,
 *   `mask_unavailable` where a mask was asked for
 */
export async function readScenes(
  items: readonly (readonly JsonObject[])[],
  wish: ReadingWish,
  signal: AbortSignal,
): Promise<ReadScene[]> {
  const scenes: ReadScene[] = []
  for (const [observation, same] of items.entries()) {
    for (const source of same) {
      if (turnIsOver()) await nextTurn(signal)
      const scene = readScene(readItem(source, null), wish.assets)
      scenes.push({ scene, rules: rulesOrClouds(scene, wish), observation })
    }
  }
  return scenes
}

/**
 * Its rules; where no mask was asked for, clouds are masked if it has a quality band that tells them.
 *
 * @throws {GreenprintError} `radiometry_unknown`, `mask_unavailable` where a mask was asked for
 */
export function rulesOrClouds(
  scene: Scene,
  { scale, mask }: Pick<ReadingWish, 'scale' | 'mask'>,
): Rules {
  if (mask !== null) return chooseRules(scene, { scale, mask })
  try {
    return chooseRules(scene, { scale, mask: cloudClasses })
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'mask_unavailable') throw error
    const rules = chooseRules(scene, { scale, mask: [] })
    const why = scene.qaUnavailable ?? 'its quality band cannot be read.'
    return { ...rules, warnings: [...rules.warnings, `clouds are not masked: ${why}`] }
  }
}
