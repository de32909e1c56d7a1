// Where the pixels of one grid lie on another: exactly at some of them, by polynomials in between.

/** Maps a pixel's centre to columns and rows of the other grid; not finite where it has no place there. */
export type PlacePixel = (col: number, row: number) => readonly [col: number, row: number]

/** Columns and rows of a grid: from, up to but not including. */
export interface PixelBox {
  readonly col: number
  readonly row: number
  readonly cols: number
  readonly rows: number
}

/** For each pixel of a box, row by row, its centre on the other grid; NaN where it has no place. */
export interface WarpPlaces {
  readonly cols: Float64Array
  readonly rows: Float64Array
}

/** Polynomials of degree 4: a tile of UTM on a web map needs one, good to 1e-6 pixels. */
const NODES = 5
/** Points along a side at which a polynomial is compared with the exact place: between its nodes. */
const PROBES = [0.06, 0.35, 0.65, 0.94] as const
/** Pixels of the other grid. Nearest neighbours change in about two pixels of ten thousand. */
const TOLERANCE = 1e-4
/** Smaller boxes are placed pixel by pixel. */
const SMALLEST = 8

/**
 * @param place takes the column and row of a pixel of the grid that `box` is of
 * @param places takes what is answered; new memory without it
 */
export function warpPlaces(
  box: PixelBox,
  place: PlacePixel,
  places: WarpPlaces = placesOf(box.cols * box.rows),
): WarpPlaces {
  fillBox(box, box, place, places)
  return places
}

function placesOf(size: number): WarpPlaces {
  return { cols: new Float64Array(size), rows: new Float64Array(size) }
}

/** Every pixel of the part, those without a place too. */
function fillBox(part: PixelBox, whole: PixelBox, place: PlacePixel, places: WarpPlaces): void {
  const { col, row, cols, rows } = part
  if (cols <= 0 || rows <= 0) return
  if (cols <= SMALLEST && rows <= SMALLEST) {
    fillExactly(part, whole, place, places)
    return
  }
  const fit = fitBox(part, place)
  if (fit !== null) {
    fillByFit(fit, part, whole, places)
    return
  }
  const [left, top] = [Math.ceil(cols / 2), Math.ceil(rows / 2)]
  for (const [c, r, w, h] of [
    [col, row, left, top],
    [col + left, row, cols - left, top],
    [col, row + top, left, rows - top],
    [col + left, row + top, cols - left, rows - top],
  ] as const)
    fillBox({ col: c, row: r, cols: w, rows: h }, whole, place, places)
}

function fillExactly(
  { col, row, cols, rows }: PixelBox,
  whole: PixelBox,
  place: PlacePixel,
  places: WarpPlaces,
): void {
  for (let r = row; r < row + rows; r++) {
    for (let c = col; c < col + cols; c++) {
      const [x, y] = place(c, r)
      const at = (r - whole.row) * whole.cols + c - whole.col
      const isPlaced = Number.isFinite(x) && Number.isFinite(y)
      places.cols[at] = isPlaced ? x : Number.NaN
      places.rows[at] = isPlaced ? y : Number.NaN
    }
  }
}

/** Values at the nodes, row by row. */
interface Fit {
  readonly cols: Float64Array
  readonly rows: Float64Array
}

/** @returns null where no such polynomial is good enough */
function fitBox({ col, row, cols, rows }: PixelBox, place: PlacePixel): Fit | null {
  const fit = { cols: new Float64Array(NODES * NODES), rows: new Float64Array(NODES * NODES) }
  for (let j = 0; j < NODES; j++) {
    for (let i = 0; i < NODES; i++) {
      const [x, y] = place(col + node(i) * (cols - 1), row + node(j) * (rows - 1))
      if (!Number.isFinite(x) || !Number.isFinite(y)) return null
      fit.cols[j * NODES + i] = x
      fit.rows[j * NODES + i] = y
    }
  }
  for (const v of PROBES) {
    const down = weightsAt(v)
    for (const u of PROBES) {
      const across = weightsAt(u)
      const [x, y] = place(col + u * (cols - 1), row + v * (rows - 1))
      const error = Math.max(
        Math.abs(valueAt(fit.cols, across, down) - x),
        Math.abs(valueAt(fit.rows, across, down) - y),
      )
      if (!(error <= TOLERANCE)) return null
    }
  }
  return fit
}

function fillByFit(fit: Fit, { col, row, cols, rows }: PixelBox, whole: PixelBox, out: WarpPlaces) {
  const across = new Float64Array(cols * NODES)
  for (let c = 0; c < cols; c++) across.set(weightsAt(cols === 1 ? 0 : c / (cols - 1)), c * NODES)
  const [x, y] = [new Float64Array(NODES), new Float64Array(NODES)]
  for (let r = 0; r < rows; r++) {
    const down = weightsAt(rows === 1 ? 0 : r / (rows - 1))
    for (let i = 0; i < NODES; i++) {
      x[i] = columnAt(fit.cols, i, down)
      y[i] = columnAt(fit.rows, i, down)
    }
    const start = (row + r - whole.row) * whole.cols + col - whole.col
    // Written out for the five nodes: as a loop it takes three times as long.
    const [x0, x1, x2, x3, x4] = [x[0]!, x[1]!, x[2]!, x[3]!, x[4]!]
    const [y0, y1, y2, y3, y4] = [y[0]!, y[1]!, y[2]!, y[3]!, y[4]!]
    for (let c = 0, at = 0; c < cols; c++, at += NODES) {
      const w0 = across[at]!
      const w1 = across[at + 1]!
      const w2 = across[at + 2]!
      const w3 = across[at + 3]!
      const w4 = across[at + 4]!
      out.cols[start + c] = w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3 + w4 * x4
      out.rows[start + c] = w0 * y0 + w1 * y1 + w2 * y2 + w3 * y3 + w4 * y4
    }
  }
}

/** Chebyshev's extrema on [0, 1], both ends among them: the error stays even up to the edge. */
function node(i: number): number {
  return (1 - Math.cos((Math.PI * i) / (NODES - 1))) / 2
}

const nodes = Array.from({ length: NODES }, (_, i) => node(i))

/** Lagrange's weights of the nodes at a place on [0, 1]. */
function weightsAt(at: number): Float64Array {
  const weights = new Float64Array(NODES)
  for (let i = 0; i < NODES; i++) {
    const own = nodes[i]!
    let product = 1
    for (let j = 0; j < NODES; j++) {
      const other = nodes[j]!
      if (i !== j) product = (product * (at - other)) / (own - other)
    }
    weights[i] = product
  }
  return weights
}

function valueAt(values: Float64Array, across: Float64Array, down: Float64Array): number {
  let sum = 0
  for (let i = 0; i < NODES; i++) sum += across[i]! * columnAt(values, i, down)
  return sum
}

/** The value of one column of nodes. */
function columnAt(values: Float64Array, i: number, down: Float64Array): number {
  let sum = 0
  for (let j = 0; j < NODES; j++) sum += down[j]! * values[j * NODES + i]!
  return sum
}
