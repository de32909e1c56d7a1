// Header fields as https://fetch.spec.whatwg.org/#headers-class has them, without what Node's own load.

export type HeadersGiven = Iterable<readonly [string, string]> | Readonly<Record<string, string>>

/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/

const COOKIES = 'set-cookie'

export class LightHeaders implements Headers {
  /** By their names in small letters. */
  readonly #fields = new Map<string, string[]>()

  /** @throws {TypeError} of a name or a value that HTTP cannot carry */
  constructor(given: HeadersGiven = {}) {
    const entries = Symbol.iterator in given ? given : Object.entries(given)
    for (const [name, value] of entries) this.append(name, value)
  }

  append(name: string, value: string): void {
    const key = keyOf(name)
    const clean = cleanValue(value)
    const known = this.#fields.get(key)
    if (known === undefined) this.#fields.set(key, [clean])
    else known.push(clean)
  }

  set(name: string, value: string): void {
    this.#fields.set(keyOf(name), [cleanValue(value)])
  }

  delete(name: string): void {
    this.#fields.delete(keyOf(name))
  }

  has(name: string): boolean {
    return this.#fields.has(keyOf(name))
  }

  get(name: string): string | null {
    const key = keyOf(name)
    const values = this.#fields.get(key)
    return values === undefined ? null : joined(key, values)
  }

  getSetCookie(): string[] {
    return [...(this.#fields.get(COOKIES) ?? [])]
  }

  forEach(call: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this) call.call(self, value, name, this)
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this) yield name
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this) yield value
  }

  entries(): IterableIterator<[string, string]> {
    return this[Symbol.iterator]()
  }

  /** In the order of their names; each cookie that is to be set by itself. */
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const name of [...this.#fields.keys()].toSorted()) {
      const values = this.#fields.get(name) ?? []
      if (name === COOKIES) for (const value of values) yield [name, value]
      else yield [name, joined(name, values)]
    }
  }
}

/** As Node has it, cookies that a caller sends in several fields are one list of theirs: RFC 9113, 8.2.3. */
function joined(name: string, values: readonly string[]): string {
  const [only] = values
  if (only !== undefined && values.length === 1) return only
  return values.join(name === 'cookie' ? '; ' : ', ')
}

function keyOf(name: string): string {
  if (!TOKEN.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header.`)
  return name.toLowerCase()
}

function cleanValue(value: string): string {
  const clean = value.replace(/^[\t\n\r ]+/, '').replace(/(?<![\t\n\r ])[\t\n\r ]+$/, '')
  // oxlint-disable-next-line no-control-regex -- these are what a value may not have
  if (/[\0\n\r]|[^\0-\xff]/.test(clean)) throw new TypeError('A header cannot have this value.')
  return clean
}
