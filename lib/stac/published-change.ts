// The published item of a change as it is read again: each of its scenes as the item of one scene says it.

import { type ChangeRequest, type ChangeRole, changeRoles } from '../model/change.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { type PublishedItem, readPublishedItem } from './published-item.ts'

export interface PublishedChange extends Pick<PublishedItem, 'id' | 'software'> {
  readonly request: ChangeRequest
  readonly parts: Readonly<Record<ChangeRole, PublishedItem>>
}

/** Whether an item says that it is of a change. */
export function isChangeItem({ properties }: JsonObject): boolean {
  return isJsonObject(properties) && properties['greenprint:kind'] === 'change'
}

/**
 * @throws {GreenprintError} `item_invalid` for what is not an item that Greenprint published, and for one of files that
 *   nobody named by content
 */
export function readPublishedChange(item: JsonObject): PublishedChange {
  const [before, after] = changeRoles.map((role, at) => readPublishedItem(partOf(item, role, at)))
  if (before === undefined || after === undefined) throw new TypeError('a pair has two scenes')
  const { id, software } = after
  const { item: _, search: __, mask, ...request } = after.request
  const isMasked = isJsonObject(item['properties']) && isListed(item['properties'])
  return {
    id,
    software,
    // Items are named by their content: what stands in their place is never looked at.
    request: { ...request, before: {}, after: {}, mask: isMasked ? mask : null },
    parts: { before, after },
  }
}

/** Whether the request named classes: else clouds were masked where a scene tells them. */
function isListed({ 'greenprint:request': request }: JsonObject): boolean {
  return isJsonObject(request) && Array.isArray(request['mask'])
}

/** One of the scenes, in the words of an item of that scene alone. */
function partOf(item: JsonObject, role: ChangeRole, at: number): JsonObject {
  const properties = objectOf(item['properties'])
  const { mask, ...request } = objectOf(properties['greenprint:request'])
  const links = Array.isArray(item['links']) ? item['links'] : []
  const sources = links.filter((link) => isJsonObject(link) && link['rel'] === 'derived_from')
  return {
    ...item,
    links: sources.slice(at, at + 1),
    properties: {
      ...properties,
      'greenprint:kind': null,
      'greenprint:request': { ...request, ...(mask === null ? {} : { mask: mask ?? [] }) },
      'greenprint:inputs': objectOf(properties['greenprint:inputs'])[role] ?? null,
      'greenprint:mask': objectOf(properties['greenprint:mask'])[role] ?? null,
    },
  }
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
