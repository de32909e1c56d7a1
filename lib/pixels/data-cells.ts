// Where a grid has observations: not fill, whatever else sets a pixel aside. In cells few enough to be outlined.
import type { GridBox, ObservedBoxes } from '../geo/data-footprint.ts'

/** Cells along the longest side. */
const MOST_CELLS = 1024
/** Boxes of one outline; a grid with more holes than that is looked at more coarsely. */
const MOST_BOXES = 4096

interface Cells {
  /** Pixels along the side of a cell. */
  readonly size: number
  readonly rows: number
  readonly cols: number
  /** 1 where any pixel of the cell is observed, row by row. */
  readonly marks: Uint8Array
}

export class DataCells {
  readonly #shape: readonly [rows: number, cols: number]
  readonly #cells: Cells
  #observed = 0

  constructor(shape: readonly [rows: number, cols: number]) {
    this.#shape = shape
    this.#cells = emptyCells(shape, Math.ceil(Math.max(...shape) / MOST_CELLS))
  }

  /** Takes rows, or a part of each; 1 = observed, 0 = not. */
  add(firstRow: number, observed: Uint8Array, firstCol = 0, partCols = this.#shape[1]): void {
    for (let start = 0, row = firstRow; start < observed.length; start += partCols, row++) {
      const line = observed.subarray(start, start + partCols)
      // Most rows are all of one kind, which is found without a look at each pixel.
      if (!line.includes(1)) continue
      if (line.includes(0)) this.#addMixed(row, line, firstCol)
      else this.#addWhole(row, firstCol, partCols)
    }
  }

  #addWhole(row: number, firstCol: number, count: number): void {
    const { size, cols, marks } = this.#cells
    const cellRow = Math.floor(row / size) * cols
    const end = Math.ceil((firstCol + count) / size)
    marks.fill(1, cellRow + Math.floor(firstCol / size), cellRow + end)
    this.#observed += count
  }

  #addMixed(row: number, line: Uint8Array, firstCol: number): void {
    const { size, cols, marks } = this.#cells
    const cellRow = Math.floor(row / size) * cols
    const endCol = firstCol + line.length
    for (let col = firstCol; col < endCol; ) {
      const cell = Math.floor(col / size)
      const end = Math.min((cell + 1) * size, endCol)
      let seen = 0
      for (; col < end; col++) seen += line[col - firstCol]!
      if (seen > 0) marks[cellRow + cell] = 1
      this.#observed += seen
    }
  }

  /** Null where all of the grid is observed, or nothing. */
  finish(): ObservedBoxes | null {
    const [height, width] = this.#shape
    if (this.#observed === 0 || this.#observed === height * width) return null
    return observedBoxes(this.#cells, this.#shape)
  }
}

function observedBoxes(cells: Cells, shape: readonly [rows: number, cols: number]): ObservedBoxes {
  const [height, width] = shape
  const { size } = cells
  const boxes = boxesOf(cells)
  if (boxes.length > MOST_BOXES) return observedBoxes(coarser(cells), shape)
  return {
    boxes: () =>
      boxes.map(({ left, top, right, bottom }) => ({
        left: left * size,
        top: top * size,
        right: Math.min(right * size, width),
        bottom: Math.min(bottom * size, height),
      })),
    coarser: () => (cells.rows * cells.cols === 1 ? null : observedBoxes(coarser(cells), shape)),
  }
}

function emptyCells([height, width]: readonly [number, number], size: number): Cells {
  const [rows, cols] = [Math.ceil(height / size), Math.ceil(width / size)]
  return { size, rows, cols, marks: new Uint8Array(rows * cols) }
}

function coarser({ size, rows, cols, marks }: Cells): Cells {
  const half = emptyCells([rows, cols], 2)
  for (const [at, mark] of marks.entries()) {
    if (mark === 0) continue
    half.marks[Math.floor(at / cols / 2) * half.cols + Math.floor((at % cols) / 2)] = 1
  }
  return { ...half, size: size * 2 }
}

/** Runs of marked cells, each with the equal runs below it. In cells. */
function boxesOf({ rows, cols, marks }: Cells): GridBox[] {
  const done: GridBox[] = []
  let open = new Map<string, GridBox>()
  for (let row = 0; row < rows; row++) {
    const runs = new Map<string, GridBox>()
    for (const [left, right] of runsOf(marks.subarray(row * cols, (row + 1) * cols))) {
      const key = `${left} ${right}`
      runs.set(key, { left, right, top: open.get(key)?.top ?? row, bottom: row + 1 })
      open.delete(key)
    }
    done.push(...open.values())
    open = runs
  }
  return [...done, ...open.values()]
}

function runsOf(row: Uint8Array): [from: number, to: number][] {
  const runs: [number, number][] = []
  for (let from = row.indexOf(1); from >= 0; ) {
    const end = row.indexOf(0, from)
    runs.push([from, end < 0 ? row.length : end])
    from = end < 0 ? -1 : row.indexOf(1, end)
  }
  return runs
}
