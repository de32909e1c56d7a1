// Where the pixels of a result lie on a raster, and how far apart.

/** For each pixel of the result, row by row, its centre in columns and rows of the full resolution; else NaN. */
export interface Targets {
  /** Pixels of the result in a row. */
  readonly width: number
  readonly cols: Float64Array
  readonly rows: Float64Array
}

/** How far it is from one pixel of the result to the next, in pixels of the full resolution. */
export interface Steps {
  /** Extent of a pixel of the result along columns and rows. */
  readonly cols: number
  readonly rows: number
  /** Side of a square as large as it is. */
  readonly side: number
}

/** At the pixel nearest to the middle of the result that has neighbours; null where none has a place. */
export function stepsOf({ width, cols, rows }: Targets): Steps | null {
  const height = cols.length / width
  const at = placedNear(cols, width, height)
  if (at === null) return null
  const to = (next: number, isThere: boolean) =>
    isThere && Number.isFinite(cols[next] ?? Number.NaN)
      ? ([cols[next]! - cols[at]!, rows[next]! - rows[at]!] as const)
      : null
  const east = to(at + 1, at % width < width - 1) ?? to(at - 1, at % width > 0)
  const south = to(at + width, true) ?? to(at - width, true)
  // A single row or column of targets: taken for square.
  const [dx, dy] = east ?? (south === null ? [1, 0] : [south[1], -south[0]])
  const [ex, ey] = south ?? [-dy, dx]
  const side = Math.sqrt(Math.abs(dx * ey - dy * ex)) || 1
  return {
    cols: Math.abs(dx) + Math.abs(ex) || side,
    rows: Math.abs(dy) + Math.abs(ey) || side,
    side,
  }
}

/** The target nearest to the middle that has a place; mostly that is the middle itself. */
function placedNear(cols: Float64Array, width: number, height: number): number | null {
  const middle = Math.floor(height / 2) * width + Math.floor(width / 2)
  if (Number.isFinite(cols[middle])) return middle
  let best: { readonly at: number; readonly far: number } | null = null
  for (let at = 0; at < cols.length; at++) {
    if (Number.isNaN(cols[at]!)) continue
    const far = Math.hypot((at % width) - width / 2, Math.floor(at / width) - height / 2)
    if (best === null || far < best.far) best = { at, far }
  }
  return best?.at ?? null
}
