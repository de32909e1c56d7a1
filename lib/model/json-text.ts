// JSON as Python, JavaScript's own writers and their users write it: also with the numbers that RFC 8259 leaves out.

/** Python's json writes them bare, and reads them; STAC spells them as text. */
const spelled: Readonly<Record<string, string>> = {
  NaN: '"nan"',
  Infinity: '"inf"',
  '-Infinity': '"-inf"',
}

/** A text in quotes, or a bare number that JSON does not have. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs

/** Windows writes it before what it writes. https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
const MARK = /^\ufeff/

/**
 * JSON.parse that passes over a byte order mark, and reads bare `NaN`, `Infinity` and `-Infinity`, too, as the texts
 * `nan`, `inf` and `-inf`.
 *
 * @throws {SyntaxError} whose message quotes the place that is not JSON
 */
export function parseJsonText(given: string): unknown {
  const text = given.replace(MARK, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    const mended = text.replace(TOKENS, (token) => spelled[token] ?? token)
    if (mended !== text) return JSON.parse(mended)
    throw error
  }
}

/** What JSON.parse found wrong, on one line: the token and the text around it, or its position. */
export function jsonFaultOf(error: unknown, text: string): string {
  const message = error instanceof SyntaxError ? error.message : String(error)
  const at = Number(/ at position (\d+)/.exec(message)?.[1] ?? Number.NaN)
  const around = Number.isNaN(at) ? '' : `, near "${text.slice(Math.max(0, at - 30), at + 30)}"`
  return `${message}${around}`.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200)
}
