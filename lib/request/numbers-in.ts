// Numbers as a query has them, and some clients write them in JSON too: by comma.

/** What is no list of numbers stays as it is, for the schema to refuse. */
export function numbersIn(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[\s\d.,e+-]{1,300}$/i.test(value)) return value
  const numbers = value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  return numbers.some(Number.isNaN) ? value : numbers
}
