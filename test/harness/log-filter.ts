// CloudWatch's filter patterns for JSON, as far as they are used here: comparisons of texts, IS TRUE, && and ||.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

type Test = (line: unknown) => boolean

const TOKEN = /\s*(\(|\)|&&|\|\||\$[\w.]*|IS TRUE|!=|>=|<=|=|>|<|"[^"]*"|-?\d+(?:\.\d+)?)/y

/** Whether a line, as it was written, matches. A line that is not one JSON object matches nothing, as there. */
export function matchesFilter(pattern: string, line: string): boolean {
  const test = parse(pattern)
  try {
    return test(JSON.parse(line))
  } catch {
    return false
  }
}

function parse(pattern: string): Test {
  const [, inner] = /^\{(.*)\}$/s.exec(pattern.trim()) ?? []
  if (inner === undefined) throw new SyntaxError(`not a pattern for JSON: ${pattern}`)
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (const text = inner.trimEnd(); TOKEN.lastIndex < text.length; ) {
    const found = TOKEN.exec(text)?.[1]
    if (found === undefined) throw new SyntaxError(`not understood: ${pattern}`)
    tokens.push(found)
  }
  const next = () => tokens.shift() ?? ''
  const either = (): Test => joined('||', both, (one, other) => (line) => one(line) || other(line))
  const both = (): Test => joined('&&', single, (one, other) => (line) => one(line) && other(line))
  function joined(word: string, read: () => Test, join: (one: Test, other: Test) => Test): Test {
    let test = read()
    while (tokens[0] === word) {
      next()
      test = join(test, read())
    }
    return test
  }
  function single(): Test {
    const first = next()
    if (first !== '(') return comparison(first, next(), tokens)
    const test = either()
    if (next() !== ')') throw new SyntaxError(`a bracket is open: ${pattern}`)
    return test
  }
  const test = either()
  if (tokens.length > 0) throw new SyntaxError(`more than a pattern: ${pattern}`)
  return test
}

function comparison(selector: string, operator: string, tokens: string[]): Test {
  const path = selector.slice(2).split('.')
  const of = (line: unknown) => path.reduce<unknown>((value, key) => Object(value)[key], line)
  if (operator === 'IS TRUE') return (line) => of(line) === true
  const wanted: unknown = JSON.parse(tokens.shift() ?? '')
  if (operator === '=') return (line) => of(line) === wanted
  throw new SyntaxError(`not understood: ${operator}`)
}
