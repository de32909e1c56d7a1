// In which form content is asked for: `format`, `Accept`, and the parameters of a CAR.

import { GreenprintError } from '../../errors.ts'
import type { DagScope } from '../../ipld/car-plan.ts'
import { type EntityBytes, readEntityBytes } from '../../ipld/entity-bytes.ts'
import { type Accepted, readAccept } from '../accept.ts'

export interface CarForm {
  readonly form: 'car'
  readonly scope: DagScope
  readonly bytes: EntityBytes | null
  readonly duplicates: boolean
}

export interface FileForm {
  readonly form: 'file'
  /** Only if it is JSON. */
  readonly json: boolean
}

export type Form = FileForm | { readonly form: 'raw' } | CarForm

export interface ChosenForm {
  readonly form: Form
  /** Whether `Accept` has a say in it. */
  readonly varies: boolean
  /** Query that asks for this form without `Accept`; null where the request's own does. */
  readonly query: string | null
}

const RAW = 'application/vnd.ipld.raw'
const CAR = 'application/vnd.ipld.car'
const IPNS_RECORD = 'application/vnd.ipfs.ipns-record'

/** Forms that gateways have and this one has not, by their `format`. */
const unserved: Readonly<Record<string, string>> = {
  tar: 'application/x-tar',
  'dag-json': 'application/vnd.ipld.dag-json',
  'dag-cbor': 'application/vnd.ipld.dag-cbor',
  cbor: 'application/cbor',
}

/**
 * `format` before `Accept`, as https://specs.ipfs.tech/http-gateways/path-gateway/#format-request-query-parameter has
 * it.
 *
 * @throws {GreenprintError} `invalid_request` for a parameter that has no such value; `not_acceptable` for a form that
 *   is not served here
 */
export function chooseForm(query: URLSearchParams, acceptHeader: string | null): ChosenForm {
  const accepted = readAccept(acceptHeader)
  const asked = query.get('format')
  const name = asked === null ? byAccept(accepted) : byParameter(asked)
  if (name === 'file' || name === 'json') {
    return { form: { form: 'file', json: name === 'json' }, varies: true, query: null }
  }
  const bare = new URLSearchParams(query)
  bare.set('format', name)
  if (name === 'raw') {
    const location = asked === null ? bare.toString() : null
    return { form: { form: 'raw' }, varies: asked === null, query: location }
  }
  const cars = accepted.flatMap((entry) => (entry.name === CAR ? [entry.parameters] : []))
  const parameters = cars.find(isServedCar) ?? cars[0] ?? {}
  const form = readCarForm(query, parameters)
  if (form.duplicates) bare.set('car-dups', 'y')
  const isSame = asked !== null && (!form.duplicates || query.has('car-dups'))
  return { form, varies: true, query: isSame ? null : bare.toString() }
}

function byParameter(asked: string): 'raw' | 'car' | 'json' {
  if (asked === 'raw' || asked === 'car' || asked === 'json') return asked
  if (Object.hasOwn(unserved, asked)) throw notServed(`format=${asked}`)
  throw new GreenprintError('invalid_request', 'format is raw, car or json.')
}

/** The first form that is wanted and served; what is no form of IPFS at all means the file. */
function byAccept(accepted: readonly Accepted[]): 'file' | 'raw' | 'car' {
  for (const { name, parameters } of accepted) {
    if (name === RAW) return 'raw'
    if (name === CAR && isServedCar(parameters)) return 'car'
    const isKnown = name === CAR || name === IPNS_RECORD || Object.values(unserved).includes(name)
    if (!isKnown) return 'file'
  }
  const [first] = accepted
  if (first === undefined) return 'file'
  if (first.name === IPNS_RECORD) {
    throw new GreenprintError('invalid_request', 'Under /ipfs there is no IPNS record.')
  }
  throw notServed(`Accept: ${first.name}`)
}

/**
 * The media type of a file that was asked for in this form.
 *
 * @param type null for what is no file
 * @throws {GreenprintError} `not_acceptable` where JSON is asked for, and it is none
 */
export function typeAsked<T extends string | null>(type: T, { json }: FileForm): T | string {
  if (!json) return type
  if (type !== null && /^application\/([a-z]+\+)?json$/.test(type)) return 'application/json'
  throw notServed('format=json of what is no file of JSON')
}

function notServed(what: string): GreenprintError {
  const message = `${what} is not served; ask for format=raw or format=car, or for the file without either.`
  return new GreenprintError('not_acceptable', message)
}

type CarParameters = Readonly<Record<string, string>>

function isServedCar({ version = '1', order = 'dfs', dups = 'n' }: CarParameters): boolean {
  return version === '1' && isOrder(order) && isAnswer(dups)
}

const isOrder = (text: string) => text === 'dfs' || text === 'unk'
const isAnswer = (text: string) => text === 'y' || text === 'n'

function readCarForm(query: URLSearchParams, accepted: CarParameters): CarForm {
  const version = query.get('car-version') ?? accepted['version'] ?? '1'
  if (version !== '1') throw bad('car-version', 'can only be 1')
  const order = query.get('car-order') ?? accepted['order'] ?? 'dfs'
  if (!isOrder(order)) throw bad('car-order', 'is dfs or unk')
  const duplicates = query.get('car-dups') ?? accepted['dups'] ?? 'n'
  if (!isAnswer(duplicates)) throw bad('car-dups', 'is y or n')
  const asked = query.get('dag-scope')
  if (asked !== null && asked !== 'block' && asked !== 'entity' && asked !== 'all') {
    throw bad('dag-scope', 'is block, entity or all')
  }
  const text = query.get('entity-bytes')
  const bytes = text === null ? null : readEntityBytes(text)
  if (text !== null && bytes === null) {
    throw bad(
      'entity-bytes',
      'is from:to, two numbers or from:*, that do not end before they begin',
    )
  }
  const scope = asked ?? (bytes === null ? 'all' : 'entity')
  return {
    form: 'car',
    scope,
    bytes: scope === 'entity' ? bytes : null,
    duplicates: duplicates === 'y',
  }
}

function bad(name: string, what: string): GreenprintError {
  return new GreenprintError('invalid_request', `${name} ${what}.`)
}
