// What is made with its first use, and is the same from then on.

/** @param make whose rejection is kept as well */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
