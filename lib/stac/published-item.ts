// The published item as it is read again: all that decided the result, of which this is the reverse of derived-item.ts.

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

/** Whether an item says that its files were read unchecked. */
export function isByTransport({ properties }: JsonObject): boolean {
  return isJsonObject(properties) && properties['greenprint:trust'] === 'transport'
}

/** @throws {GreenprintError} `item_invalid` */
export function readHead(
  item: JsonObject,
): PublishedHead & { readonly properties: JsonObject; readonly inputs: JsonObject } {
  const properties = objectAt(item, 'properties')
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
