// The published item of several scenes as it is read again: all that decided the result, scene by scene.

import { clip } from '../errors.ts'
import { type ChangeRequest, changeRoles } from '../model/change.ts'
import type { CompositeRequest } from '../model/composite.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { readChangeBody } from '../request/read-change.ts'
import { readCompositeBody } from '../request/read-composite.ts'
import { momentTaken } from './acquisition.ts'
import { byObservation } from './by-observation.ts'
import { notOurs, objectAt, readAsked } from './published-fields.ts'
import { type PublishedHead, readHead, sourceLinks } from './published-item.ts'
import { type PublishedScene, readPublishedScene } from './published-scene.ts'
import { inTime } from './same-acquisition.ts'

/** One of the scenes. */
export interface PublishedPart extends PublishedScene {
  /** What it is in the result. */
  readonly role: string
  /** Those of one number count as one. */
  readonly observation: number
}

interface PublishedParts extends PublishedHead {
  /** In the order in which they count. */
  readonly parts: readonly PublishedPart[]
}

export interface PublishedChange extends PublishedParts {
  readonly kind: 'change'
  readonly request: ChangeRequest
}

export interface PublishedComposite extends PublishedParts {
  readonly kind: 'composite'
  readonly request: CompositeRequest
}

export type PublishedJoint = PublishedChange | PublishedComposite

/** Whether an item says that it is not of one scene alone. */
export function isJointItem({ properties }: JsonObject): boolean {
  return isJsonObject(properties) && typeof properties['greenprint:kind'] === 'string'
}

/**
 * @throws {GreenprintError} `item_invalid` for what is not an item that Greenprint published, and for one of files that
 *   nobody named by content
 */
export function readPublishedJoint(item: JsonObject): PublishedJoint {
  const { properties, inputs, ...head } = readHead(item)
  const kind = properties['greenprint:kind']
  const told = { properties, inputs }
  if (kind === 'change') return { kind, ...head, ...readChange(item, told) }
  if (kind === 'composite') return { kind, ...head, ...readComposite(item, told) }
  throw notOurs(
    `its greenprint:kind, ${clip(JSON.stringify(kind), 40)}, is none that is known here`,
  )
}

type Told = Pick<ReturnType<typeof readHead>, 'properties' | 'inputs'>
type Read<Joint> = Omit<Joint, keyof PublishedHead | 'kind'>

/** Scenes are named by their content: what stands in their place in the request is never looked at. */
function readChange(item: JsonObject, told: Told): Read<PublishedChange> {
  const asked = askedOf(told.properties)
  const scene = { item: {} }
  const request = readAsked(() => readChangeBody({ ...asked, before: scene, after: scene }).request)
  const parts = changeRoles.map((role, observation) => ({ ...readPart(told, role), observation }))
  return { request: { ...request, before: {}, after: {} }, parts: withSources(parts, item) }
}

function readComposite(item: JsonObject, told: Told): Read<PublishedComposite> {
  const asked = askedOf(told.properties)
  const { search: _, ...request } = readAsked(
    () => readCompositeBody({ ...asked, search: {} }).request,
  )
  const roles = Object.keys(told.inputs)
  if (roles.length === 0) throw notOurs('its greenprint:inputs name no scene')
  const parts = roles.map((role) => readPart(told, role))
  return { request, parts: withSources(inObservations(parts, told.properties), item) }
}

/** No mask is clouds, where a scene tells them. */
function askedOf(properties: JsonObject): JsonObject {
  const { mask, ...asked } = objectAt(properties, 'greenprint:request')
  return { ...asked, ...(mask === null || mask === undefined ? {} : { mask }) }
}

type Part = Omit<PublishedPart, 'observation'>

function readPart({ properties, inputs }: Told, role: string): Part {
  const where = `greenprint:inputs.${role}`
  const masks = properties['greenprint:mask']
  const mask = isJsonObject(masks) ? masks[role] : undefined
  const own = objectAt(inputs, role, where)
  return { role, ...readPublishedScene({ inputs: own, where, mask, canonical: null }) }
}

/**
 * By time, as they were composed. Of scenes that do not say which platform took them the item's own list says which are
 * one observation.
 */
function inObservations(
  parts: readonly Part[],
  { 'greenprint:sources': sources }: JsonObject,
): PublishedPart[] {
  const dated = parts.map((part) => {
    const time = momentTaken(part.scene)
    if (time === null) throw notOurs(`${part.role} does not say when it was taken`)
    return { part, time, item: { id: part.scene.id, collection: part.role } }
  })
  const observations = byObservation(dated.toSorted(inTime), ({ part, time }) => ({
    time,
    platform: part.scene.platform?.toLowerCase() ?? listedAt(sources, part.role),
  }))
  return observations.flatMap((same, observation) =>
    same.map(({ part }) => ({ ...part, observation })),
  )
}

/** Where in the list of observations a scene stands. */
function listedAt(sources: Json | undefined, role: string): number {
  const listed = Array.isArray(sources) ? sources : []
  return listed.findIndex(
    (each) => isJsonObject(each) && Array.isArray(each['scenes']) && each['scenes'].includes(role),
  )
}

/**
 * With the addresses of their own items: those that name the scene, else in the order in which scenes and addresses
 * stand. Not every scene has one.
 */
function withSources(parts: readonly PublishedPart[], item: JsonObject): PublishedPart[] {
  const links = sourceLinks(item)
  const own = new Map<PublishedPart, string>()
  let next = 0
  for (const [at, link] of links.entries()) {
    // Enough scenes stay for the links that follow.
    const end = Math.max(next + 1, parts.length - (links.length - at - 1))
    const open = parts.slice(next, end)
    const [first] = open
    if (first === undefined) break
    const named = open.find(({ scene }) => isNamed(scene.id, link)) ?? first
    own.set(named, link)
    next = parts.indexOf(named) + 1
  }
  return parts.map((part) => {
    const canonical = own.get(part) ?? null
    return { ...part, scene: { ...part.scene, canonical } }
  })
}

/** Whether an address is that of an item: it ends with the item's id, in a catalogue of files with a folder of it. */
function isNamed(id: string, address: string): boolean {
  const parts = new Set(address.split(/[/?#]/).map((part) => part.replace(/\.json$/i, '')))
  return parts.has(id) || parts.has(encodeURIComponent(id))
}
