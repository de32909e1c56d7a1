// Every regular expression that stands in a source text, and texts that are hard for it.

export interface Pattern {
  readonly line: number
  readonly source: string
  readonly flags: string
}

/** What stands before a literal rather than before a division. */
const BEFORE = new Set(['return', 'typeof', 'case', 'of', 'in', 'await', 'yield', 'throw', 'else'])

/** By one walk over the text: strings, templates and comments are stepped over, code within templates is not. */
export function patternsIn(text: string): Pattern[] {
  const found: Pattern[] = []
  const open: ('{' | '${')[] = []
  let before = ''
  let inTemplate = false
  for (let at = 0; at < text.length; ) {
    if (inTemplate) {
      const stop = sticky(/(?:\\[^]|(?!`|\$\{)[^])*/y, text, at)
      at += stop.length
      inTemplate = false
      if (text.startsWith('${', at)) {
        open.push('${')
        at += 2
        before = '('
      } else {
        at += 1
        before = ')'
      }
      continue
    }
    const skipped = sticky(/\s+|\/\/[^\n]*|\/\*[^]*?\*\//y, text, at)
    const quoted = skipped || sticky(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y, text, at)
    const word = quoted || sticky(/[\w$]+/y, text, at)
    const isValue = /[\w$)\]}'"]$/.test(before) && !BEFORE.has(before)
    const literal =
      word || isValue
        ? ''
        : sticky(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/[\\\n])+\/[a-z]*/y, text, at)
    if (literal !== '') {
      const end = literal.lastIndexOf('/')
      const line = text.slice(0, at).split('\n').length
      found.push({ line, source: literal.slice(1, end), flags: literal.slice(end + 1) })
    }
    const token = quoted || word || literal || text.charAt(at)
    if (token === '`') inTemplate = true
    if (token === '{') open.push('{')
    if (token === '}' && open.pop() === '${') inTemplate = true
    if (skipped === '') before = token
    at += token.length
  }
  return found
}

function sticky(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

const COMMON = [
  ...'aA0z_-/.: =|[]{}<>"\'%&#@,;\\\0\n\té'.split(''),
  'a.',
  'a/',
  '0.',
  'a:',
  '[a',
  '{a',
  '<a',
  '=,',
  ' \n',
]

const texts = new Map<string, string>()

/** Most are the same for every pattern: to make them took longer than to match them. */
function textOf(start: string, piece: string, length: number, end: string): string {
  const key = JSON.stringify([start, piece, length, end])
  let text = texts.get(key)
  if (text === undefined) {
    text = `${start}${piece.repeat(Math.ceil(length / piece.length)).slice(0, length)}${end}`
    if (start === '') texts.set(key, text)
  }
  return text
}

/** Texts of `length` characters: what the pattern and its parts match again and again, and never to the end. */
export function* hardTexts({ source }: Pattern, length: number): Generator<string> {
  const plain = source
    .replace(/\\([/.|[\]{}()?*+^$-])/g, '$1')
    .replace(/\\[a-zA-Z]|\(\?[:=!<]*/g, ' ')
  const words = [...new Set(plain.match(/[A-Za-z0-9_:/.=<>%@#,-]+/g) ?? [])]
  const starts = ['', ...words.filter((word) => word.length > 1)]
  const pieces = new Set([
    ...COMMON,
    ...words,
    ...words.flatMap((word) => [`${word}a`, `${word} `]),
  ])
  for (const piece of pieces) {
    for (const start of starts.slice(0, 3)) {
      yield textOf(start, piece, length, '\u0001')
      yield textOf(start, piece, length, '')
    }
  }
}
