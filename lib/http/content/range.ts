// One Range header, as RFC 9110 14.2 has it.

export interface Slice {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/**
 * The slice of a body of `size` bytes that a Range header asks for. null: no header, or one that is to be
 * ignored (another unit, several ranges); `unsatisfiable`: answer 416.
 */
export function readRange(
  header: string | undefined,
  size: number,
): Slice | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '')
  if (match === null) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  if (last !== '' && Number(last) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}
