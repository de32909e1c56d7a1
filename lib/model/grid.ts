// Where the pixels of a result lie.

/** Affine transform in rasterio's order a b c d e f: x = a*col + b*row + c, y = d*col + e*row + f. */
export type Transform = readonly [number, number, number, number, number, number]

/** west, south, east, north: degrees of WGS84 unless said otherwise. West > east crosses the antimeridian. */
export type Bbox = readonly [number, number, number, number]

export interface Grid {
  /** `EPSG:<code>`, or null where the file names no EPSG code. */
  readonly crs: string | null
  readonly transform: Transform
  /** rows, cols */
  readonly shape: readonly [number, number]
  /** Overview level that was read: 0 is full resolution. */
  readonly level: number
}

/** left, bottom, right, top of a grid in its own CRS. Grids are north-up, so this loses nothing. */
export function gridBounds(grid: Grid): Bbox {
  const [a, , c, , e, f] = grid.transform
  const [rows, cols] = grid.shape
  return [c, f + e * rows, c + a * cols, f]
}
