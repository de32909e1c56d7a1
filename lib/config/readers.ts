// How the text of one variable becomes its value. Each notes what is wrong with it and goes on.

import { describeError } from '../errors.ts'
import { parseWatch, type WatchedArea } from '../geo/watch-area.ts'
import { type Task, tasks } from '../model/tasks.ts'
import type { Environment } from './environment.ts'

/** What defaults depend on. */
export interface Site {
  /** Not on Lambda. */
  readonly local: boolean
  /** Address of the local server. */
  readonly self: string
  /** Of AWS, where a variable of its own does not say otherwise. */
  readonly region: string
}

export type Reader<T> = (env: Environment, name: string, site: Site) => T

/** With the text of its default, for the documents. */
export function integer(fallback: number, low: number, high: number) {
  const read: Reader<number> = (env, name) => env.integer(name, fallback, low, high)
  return { read, fallback: String(fallback) }
}

export function text(fallback: (site: Site) => string): Reader<string> {
  return (env, name, site) => env.text(name) ?? fallback(site)
}

export const optionalText: Reader<string | null> = (env, name) => env.text(name) ?? null

export function url(fallback: (site: Site) => string): Reader<string> {
  return (env, name, site) => env.checkUrl(name, env.text(name) ?? fallback(site))
}

export function optionalUrl(fallback: (site: Site) => string | null): Reader<string | null> {
  return (env, name, site) => {
    const given = env.text(name) ?? fallback(site)
    return given === null ? null : env.checkUrl(name, given)
  }
}

/** A FIFO queue takes messages of a group alone, which jobs have none of. */
export const readQueue: Reader<string | null> = (env, name, site) => {
  const given = optionalUrl(() => null)(env, name, site)
  if (given?.endsWith('.fifo') === true)
    env.refuse(`${name} is a FIFO queue: jobs need a standard queue.`, name)
  return given
}

/** null = none */
export const readTileTemplate: Reader<string | null> = (env, name) => {
  const given = env.text(name)
  if (given === undefined) return null
  const isWhole = ['{z}', '{x}', '{y}'].every((part) => given.includes(part))
  const address = URL.parse(given.replaceAll(/[{}]/g, ''))
  if (isWhole && address?.username === '' && /^https?:$/.test(address.protocol)) return given
  env.refuse(`${name} must be an http(s) address with {z}, {x} and {y} in it.`, name)
  return null
}

/** null = everywhere */
export const readWatch: Reader<readonly WatchedArea[] | null> = (env, name) => {
  const areas = env.text(name)
  if (areas === undefined) return null
  try {
    return parseWatch(areas)
  } catch (error) {
    env.refuse(`${name} ${describeError(error)}`, name)
    return null
  }
}

export const readPrivateHosts: Reader<boolean> = (env, name, { local }) => {
  const allowed = env.flag(name, local)
  if (allowed && !local) {
    env.refuse(`${name} is for tests and the local system: unset it on Lambda.`, name)
  }
  return allowed
}

/** @param known names; null = not said */
export function readNames<Name extends string>(
  known: readonly Name[],
  onlyLocal: readonly Name[],
): Reader<readonly Name[] | null> {
  return (env, name, { local }) => {
    if (env.text(name) === undefined) return null
    const allowed = known.filter((entry) => local || !onlyLocal.includes(entry))
    return env.list(name).flatMap((entry) => {
      const found = allowed.find((candidate) => candidate === entry)
      if (found !== undefined) return [found]
      env.refuse(`${name}: "${entry}" is not one of ${allowed.join(', ')}.`, name)
      return []
    })
  }
}

export const readNoticeDo: Reader<readonly Task[]> = (env, name, site) => {
  const named = readNames(tasks, [])(env, name, site)
  return named === null || named.length === 0
    ? ['ndvi']
    : tasks.filter((task) => named.includes(task))
}

/** @param known the first of them is the default */
export function oneOf<Name extends string>(known: readonly [Name, ...Name[]]): Reader<Name> {
  return (env, name) => {
    const given = env.text(name)
    const found = known.find((each) => each === (given ?? known[0]))
    if (found === undefined)
      env.refuse(`${name} must be ${known.join(' or ')}, not "${given}".`, name)
    return found ?? known[0]
  }
}

export const readTopic: Reader<string | null> = (env, name) => {
  const arn = env.text(name)
  if (arn !== undefined && !/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(arn)) {
    env.refuse(
      `${name} is not the ARN of an SNS topic: expected arn:aws:sns:<region>:<account>:<name>.`,
      name,
    )
  }
  return arn ?? null
}

export interface Token {
  readonly name: string
  readonly token: string
}

export const readOriginSecrets: Reader<readonly string[]> = (env, variable) => {
  const secrets = env.list(variable)
  if (secrets.length > 2 || secrets.some((secret) => secret.length < 32)) {
    env.refuse(`${variable} takes one secret, or two, of at least 32 characters each.`, variable)
  }
  return secrets
}

export const readTokens: Reader<readonly Token[]> = (env, variable) =>
  env.list(variable).map((pair) => {
    const colon = pair.indexOf(':')
    const token = pair.slice(colon + 1)
    const name = pair.slice(0, Math.max(colon, 0))
    // The name becomes part of a key of the store.
    if (!/^\w[\w.-]{0,63}$/.test(name) || token.length < 16) {
      env.refuse(
        `${variable} takes name:token pairs, with names of letters, digits, ".", "_" and "-" and tokens of at least 16 characters.`,
        variable,
      )
    }
    return { name, token }
  })
