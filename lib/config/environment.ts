// Reads values from environment variables; faults are collected instead of thrown.

export class Environment {
  /** One sentence each, once and in the order found, without values that may be secrets. */
  readonly faults = new Set<string>()
  readonly #values: Readonly<Record<string, string | undefined>>
  readonly #elsewhere: readonly string[]

  /** @param elsewhere variables that are set, and whose values are not here: nothing is said against those */
  constructor(
    values: Readonly<Record<string, string | undefined>>,
    elsewhere: readonly string[] = [],
  ) {
    this.#values = values
    this.#elsewhere = elsewhere
  }

  /** @param judged the variables whose values the fault follows from; none where it follows from which are set */
  refuse(fault: string, ...judged: readonly string[]): void {
    if (!judged.some((name) => this.#elsewhere.includes(name))) this.faults.add(fault)
  }

  /** Trimmed; an empty value counts as unset. */
  text(name: string): string | undefined {
    return this.#values[name]?.trim() || undefined
  }

  /** Entries separated by commas or whitespace. */
  list(name: string, fallback = ''): string[] {
    return (this.text(name) ?? fallback).split(/[\s,]+/).filter((entry) => entry !== '')
  }

  integer(name: string, fallback: number, low: number, high: number): number {
    const text = this.text(name) ?? String(fallback)
    const value = Number(text)
    if (Number.isInteger(value) && value >= low && value <= high) return value
    this.refuse(`${name} must be a whole number from ${low} to ${high}, not "${text}".`, name)
    return low
  }

  flag(name: string, fallback: boolean): boolean {
    const text = this.text(name) ?? String(fallback)
    if (text !== 'true' && text !== 'false') {
      this.refuse(`${name} must be true or false, not "${text}".`, name)
    }
    return text === 'true'
  }

  /**
   * An address that paths are added to, without its trailing slashes.
   *
   * @param where of the variable, to name in the fault; the address itself may hold a key
   */
  checkUrl(name: string, text: string, where = name): string {
    const url = URL.parse(text)
    const plain = url !== null && url.href === `${url.origin}${url.pathname}`
    if (!plain || !/^https?:$/.test(url.protocol)) {
      this.refuse(
        `${where} must be an http(s) URL without a query, a user name or a password.`,
        name,
      )
    }
    return text.replace(/(?<!\/)\/+$/, '')
  }
}
