// The published item as it is read again: all that decided the result, of which this is the reverse of derived-item.ts.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { NdviRequest } from '../model/request.ts'
import { readNdviBody } from '../request/read.ts'
import { objectAt, readAsked, textAt } from './published-fields.ts'
import { type PublishedScene, readPublishedScene } from './published-scene.ts'

export interface PublishedHead {
  readonly id: string
  /** Name and version of what made it: `greenprint 0.6.0`. */
  readonly software: string
}

export interface PublishedItem extends PublishedHead, PublishedScene {
  readonly request: NdviRequest
}

/**
 * @throws {GreenprintError} `item_invalid` for what is not an item of one scene that Greenprint published, and for one
 *   of files that nobody named by content
 */
export function readPublishedItem(item: JsonObject): PublishedItem {
  const { properties, inputs, ...head } = readHead(item)
  const asked = objectAt(properties, 'greenprint:request')
  const [canonical = null] = sourceLinks(item)
  const where = 'greenprint:inputs'
  const told = { inputs, where, mask: properties['greenprint:mask'], canonical }
  // What is put in the item's place only satisfies the schema.
  const { item: _, ...request } = readAsked(() => readNdviBody({ ...asked, item: {} }).request)
  return { ...head, request, ...readPublishedScene(told) }
}

/** @throws {GreenprintError} `item_invalid`, also for a result that nothing verifies */
export function readHead(
  item: JsonObject,
): PublishedHead & { readonly properties: JsonObject; readonly inputs: JsonObject } {
  const properties = objectAt(item, 'properties')
  if (properties['greenprint:trust'] === 'transport') {
    throw new GreenprintError(
      'item_invalid',
      'The result says that it is not verified: its files were read over TLS and nobody named them by content, so there is nothing to hold their bytes against. Fingerprint the scene (POST /fingerprint) and compute it anew.',
    )
  }
  const inputs = objectAt(properties, 'greenprint:inputs')
  const software = objectAt(properties, 'processing:software')
  const [[name, version] = []] = Object.entries(software)
  return {
    id: textAt(item.id, 'id'),
    software: `${textAt(name, 'processing:software')} ${textAt(version, 'processing:software')}`,
    properties,
    inputs,
  }
}

/** Addresses of the items that it was made of, in their order. */
export function sourceLinks({ links }: JsonObject): readonly string[] {
  return (Array.isArray(links) ? links : [])
    .filter(isJsonObject)
    .flatMap(({ rel, href }) => (rel === 'derived_from' && typeof href === 'string' ? [href] : []))
}
