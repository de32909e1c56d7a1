// A function of an object that is asked for the same object again and again: its last answer is remembered with it.

/** @param compute whose answer follows from its arguments alone, which nobody changes */
export function perObject<First extends object, Rest extends readonly unknown[], Answer>(
  compute: (first: First, ...rest: Rest) => Answer,
): (first: First, ...rest: Rest) => Answer {
  const known = new WeakMap<First, { readonly rest: Rest; readonly answer: Answer }>()
  return (first, ...rest) => {
    const before = known.get(first)
    if (before?.rest.every((value, at) => Object.is(value, rest[at])) === true) return before.answer
    const answer = compute(first, ...rest)
    known.set(first, { rest, answer })
    return answer
  }
}
