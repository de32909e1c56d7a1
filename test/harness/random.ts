// Numbers that look random and are the same on every run.

export interface Random {
  /** [0, 1) */
  unit(): number
  /** [from, to) */
  between(from: number, to: number): number
  /** A whole number from `from` to `to`, both of them possible. */
  whole(from: number, to: number): number
  pick<T>(choices: readonly T[]): T
  /** True in that share of all cases. */
  chance(share: number): boolean
}

/** A generator of Lehmer's (Park & Miller 1988), 2^31 - 2 numbers long. */
export function randomFrom(seed: number): Random {
  let state = (seed * 7919 + 104_729) % 2147483647
  const unit = () => (state = (state * 48271) % 2147483647) / 2147483647
  unit()
  const whole: Random['whole'] = (from, to) => from + Math.floor(unit() * (to - from + 1))
  return {
    unit,
    whole,
    between: (from, to) => from + unit() * (to - from),
    chance: (share) => unit() < share,
    pick(choices) {
      const choice = choices[whole(0, choices.length - 1)]
      if (choice === undefined) throw new RangeError('there is nothing to pick')
      return choice
    },
  }
}
