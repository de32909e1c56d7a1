// Fields of which a request gives exactly one, or one at the most: for a schema's `refine`.

type Rule = readonly [check: (asked: object) => boolean, told: { readonly error: string }]

export function exactlyOne(...names: readonly string[]): Rule {
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return [(asked) => given(asked, names) === 1, { error: `give exactly one of ${listed}` }]
}

export function atMostOne(one: string, other: string): Rule {
  const error = `give ${one} or ${other}, not both`
  return [(asked) => given(asked, [one, other]) <= 1, { error }]
}

function given(asked: object, names: readonly string[]): number {
  return names.filter((name) => Reflect.get(asked, name) !== undefined).length
}
