// A function of a text that is asked for the same texts again and again: what was asked for last is remembered.

/**
 * @param compute whose answer follows from the text alone, and is changed by nobody; a failure is not remembered
 * @param mostLetters of all texts that are remembered; a 16th of it is the longest
 */
export function perText<Answer>(
  compute: (text: string) => Answer,
  mostLetters: number,
): (text: string) => Answer {
  /** The least recently used first. */
  const known = new Map<string, { readonly answer: Answer }>()
  let letters = 0
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) {
      known.delete(text)
      known.set(text, before)
      return before.answer
    }
    const answer = compute(text)
    if (text.length > mostLetters / 16) return answer
    known.set(text, { answer })
    letters += text.length
    for (const oldest of known.keys()) {
      if (letters <= mostLetters) break
      known.delete(oldest)
      letters -= oldest.length
    }
    return answer
  }
}
