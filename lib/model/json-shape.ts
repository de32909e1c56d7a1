// The shape of a JSON text, by one walk over its bytes before anything is parsed: what a parser and those who walk its
// value would have to cope with.

import { MAX_DEPTH } from './i-json.ts'

/** Of one object: as many as an item has assets. */
const MOST_NAMES_OF_ONE = 1000
/** Of all objects together: readers, schemas and hashes take their time over each. */
const MOST_NAMES = 50_000

export interface JsonShape {
  /** Levels of arrays and objects; one more than `MAX_DEPTH` where there are more: the walk ends there. */
  readonly depth: number
  /** Names of all objects together. */
  readonly names: number
  /** Names of the object that has most. */
  readonly mostNames: number
  /** The array under the asked name of the object at the top; null where there is none. */
  readonly list: JsonList | null
}

/** From a byte up to another. */
export interface ByteSpread {
  readonly from: number
  readonly to: number
}

export interface JsonList {
  /** What stands between its brackets. */
  readonly inner: ByteSpread
  /** Each of the first of its members, and the names of its objects. */
  readonly members: readonly (ByteSpread & Pick<JsonShape, 'names'>)[]
}

/** The array at the top whose members are told, and how many of them. */
export interface AskedList {
  readonly name: string
  readonly most: number
}

/** Why a document is not to be parsed, in words that follow its name; null where it may be. */
export function shapeFault({ depth, mostNames, names }: JsonShape): string | null {
  return unevenFault({ depth, mostNames }) ?? namesFault(names)
}

/** The same of a document whose members are parsed one by one. */
export function unevenFault({
  depth,
  mostNames,
}: Pick<JsonShape, 'depth' | 'mostNames'>): string | null {
  if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`
  if (mostNames <= MOST_NAMES_OF_ONE) return null
  return `has an object of ${mostNames} names: at most ${MOST_NAMES_OF_ONE}`
}

export function namesFault(names: number): string | null {
  return names > MOST_NAMES ? `has ${names} names in its objects: at most ${MOST_NAMES}` : null
}

/** Names of all objects of a value. It has fewer than the text that it was parsed from where one was there twice. */
export function countNames(value: unknown): number {
  const waiting = [value]
  let names = 0
  while (waiting.length > 0) {
    const inner = waiting.pop()
    if (typeof inner !== 'object' || inner === null) continue
    const members: readonly unknown[] = Array.isArray(inner) ? inner : Object.values(inner)
    if (!Array.isArray(inner)) names += members.length
    for (const member of members) if (typeof member === 'object') waiting.push(member)
  }
  return names
}

/** Bytes between two yields: a tenth of a millisecond. */
const STRIDE = 64 * 1024

/** Of a text that is no JSON it tells something; what is parsed then is refused there. */
export function* shapeOf(
  bytes: Uint8Array,
  list: AskedList,
): Generator<undefined, JsonShape, undefined> {
  const walk = new Walk(bytes, list)
  for (let at = 0; at < bytes.length && !walk.isTooDeep; at = walk.to(at + STRIDE)) yield
  return walk
}

/** The same at once, of what is small. */
export function shapeNow(bytes: Uint8Array): JsonShape {
  const walk = new Walk(bytes, null)
  walk.to(bytes.length)
  return walk
}

type Member = JsonList['members'][number]

class Walk implements JsonShape {
  readonly #bytes: Uint8Array
  readonly #name: Uint8Array | null
  readonly #mostMembers: number
  /** Names of the objects that are open, by their level. */
  readonly #named = new Uint32Array(MAX_DEPTH + 2)
  #at = 0
  #isQuoted = false
  /** Of the object at the top: its last text, and the name whose value comes. */
  #textFrom = 0
  #text: ByteSpread | null = null
  #isListed = false
  /** The array that was asked for, while it is open. */
  #list: { readonly from: number; readonly members: Member[] } | null = null
  /** Where its member began, and the names that came before. */
  #member = { from: 0, names: 0 }
  /** Levels that are open. */
  #open = 0

  depth = 0
  names = 0
  mostNames = 0
  list: JsonList | null = null

  constructor(bytes: Uint8Array, list: AskedList | null) {
    this.#bytes = bytes
    this.#name = list === null ? null : new TextEncoder().encode(list.name)
    this.#mostMembers = list?.most ?? 0
  }

  get isTooDeep(): boolean {
    return this.depth > MAX_DEPTH
  }

  /** Walks on up to a byte. @returns where it stands */
  to(end: number): number {
    const bytes = this.#bytes
    const last = Math.min(end, bytes.length)
    let at = this.#at
    let isQuoted = this.#isQuoted
    for (; at < last; at++) {
      const byte = bytes[at]
      if (isQuoted) {
        if (byte === BACKSLASH) at++
        else if (byte === QUOTE) {
          isQuoted = false
          if (this.#open === 1) this.#text = { from: this.#textFrom, to: at }
        }
      } else if (byte === QUOTE) {
        isQuoted = true
        if (this.#open === 1) this.#textFrom = at + 1
      } else if (byte === COLON) this.#onName()
      else if (byte === COMMA) this.#onComma(at)
      else if (byte === BRACKET || byte === BRACE) {
        this.#onOpen(at)
        if (this.isTooDeep) break
      } else if (byte === BRACKET + 2 || byte === BRACE + 2) this.#onClose(at)
    }
    this.#isQuoted = isQuoted
    return (this.#at = at)
  }

  #onName(): void {
    const names = ++this.#named[this.#open]!
    this.names++
    if (names > this.mostNames) this.mostNames = names
    if (this.#open === 1) this.#isListed = this.#isAsked()
  }

  #isAsked(): boolean {
    const [text, name] = [this.#text, this.#name]
    if (text === null || name === null || text.to - text.from !== name.length) return false
    return Buffer.compare(this.#bytes.subarray(text.from, text.to), name) === 0
  }

  #onOpen(at: number): void {
    if (this.#open === 1 && this.#isListed && this.#bytes[at] === BRACKET) {
      this.#list = { from: at + 1, members: [] }
      this.#member = { from: at + 1, names: this.names }
    }
    this.#open++
    this.#named[this.#open] = 0
    if (this.#open > this.depth) this.depth = this.#open
  }

  #onComma(at: number): void {
    if (this.#open === 2 && this.#list !== null) this.#endMember(this.#list.members, at)
    else if (this.#open === 1) this.#isListed = false
  }

  #onClose(at: number): void {
    if (this.#open === 0) return
    this.#open--
    if (this.#open !== 1 || this.#list === null) return
    const { from, members } = this.#list
    const isEmpty = members.length === 0 && isBlank(this.#bytes.subarray(from, at))
    if (!isEmpty) this.#endMember(members, at)
    // Of two under one name the last counts, as it does for a parser.
    this.list = { inner: { from, to: at }, members }
    this.#list = null
  }

  #endMember(members: Member[], at: number): void {
    const { from, names } = this.#member
    if (members.length < this.#mostMembers)
      members.push({ from, to: at, names: this.names - names })
    this.#member = { from: at + 1, names: this.names }
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
/** Each with its closing one two codes later. */
const BRACKET = 0x5b
const BRACE = 0x7b
