// Reads values from environment variables; faults are collected instead of thrown.

export class Environment {
  /** One sentence each, once and in the order found, without values that may be secrets. */
  readonly faults = new Set<string>()
  readonly #values: Readonly<Record<string, string | undefined>>

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values
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
    this.faults.add(`${name} must be a whole number from ${low} to ${high}, not "${text}".`)
    return low
  }

  flag(name: string, fallback: boolean): boolean {
    const text = this.text(name) ?? String(fallback)
    if (text !== 'true' && text !== 'false') {
      this.faults.add(`${name} must be true or false, not "${text}".`)
    }
    return text === 'true'
  }

  /**
   * An address that paths are added to, without its trailing slashes.
   *
   * @param where what to name in the fault; the address itself may hold a key
   */
  checkUrl(where: string, text: string): string {
    const url = URL.parse(text)
    const plain = url !== null && url.href === `${url.origin}${url.pathname}`
    if (!plain || !/^https?:$/.test(url.protocol)) {
      this.faults.add(`${where} must be an http(s) URL without a query, a user name or a password.`)
    }
    return text.replace(/(?<!\/)\/+$/, '')
  }
}
