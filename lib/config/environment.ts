// Reads values from environment variables; faults are collected instead of thrown.

export class Environment<Name extends string> {
  /** One sentence each, in the order found, without values that may be secrets. */
  readonly faults: string[] = []
  readonly #values: Readonly<Record<string, string | undefined>>

  constructor(values: Readonly<Record<string, string | undefined>>) {
    this.#values = values
  }

  /** Trimmed; an empty value counts as unset. */
  text(name: Name): string | undefined {
    return this.#values[name]?.trim() || undefined
  }

  /** Entries separated by commas or whitespace. */
  list(name: Name, fallback = ''): string[] {
    return (this.text(name) ?? fallback).split(/[\s,]+/).filter((entry) => entry !== '')
  }

  integer(name: Name, fallback: number, low: number, high: number): number {
    const text = this.text(name) ?? String(fallback)
    const value = Number(text)
    if (Number.isInteger(value) && value >= low && value <= high) return value
    this.faults.push(`${name} must be a whole number from ${low} to ${high}, not "${text}".`)
    return low
  }

  flag(name: Name, fallback: boolean): boolean {
    const text = this.text(name) ?? String(fallback)
    if (text !== 'true' && text !== 'false') {
      this.faults.push(`${name} must be true or false, not "${text}".`)
    }
    return text === 'true'
  }

  /** An address that paths are added to, without its trailing slashes. */
  url(name: Name, fallback: string): string {
    return this.checkUrl(name, this.text(name) ?? fallback)
  }

  /** @param where what to name in the fault; the address itself may hold a key */
  checkUrl(where: string, text: string): string {
    const url = URL.parse(text)
    const plain = url !== null && url.href === `${url.origin}${url.pathname}`
    if (!plain || !/^https?:$/.test(url.protocol)) {
      this.faults.push(
        `${where} must be an http(s) URL without a query, a user name or a password.`,
      )
    }
    return text.replace(/\/+$/, '')
  }
}
