// Which pixels a polygon holds: those whose centre it does, by the even-odd rule.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PixelPolygon, type PixelRings } from '../../../lib/geo/pixel-polygon.ts'
import { randomFrom } from '../../harness/random.ts'

type Ring = PixelRings[number]

const box = (left: number, top: number, right: number, bottom: number): Ring => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
]

/** A row of text for each row of pixels: # in, . out. */
function draw(rings: PixelRings, cols: number, rows: number): string[] {
  const polygon = new PixelPolygon(rings)
  const inside = new Uint8Array(cols)
  return Array.from({ length: rows }, (_, row) => {
    polygon.markRow(row, inside)
    return [...inside].map((pixel) => (pixel === 1 ? '#' : '.')).join('')
  })
}

const pictures: readonly (readonly [
  name: string,
  rings: PixelRings,
  picture: readonly string[],
])[] = [
  ['a box on the edges of pixels', [box(1, 1, 4, 3)], ['.....', '.###.', '.###.', '.....']],
  [
    'a box closed by its first corner',
    [[...box(1, 1, 4, 3), [1, 1]]],
    ['.....', '.###.', '.###.', '.....'],
  ],
  [
    'a box that turns the other way',
    [box(1, 1, 4, 3).toReversed()],
    ['.....', '.###.', '.###.', '.....'],
  ],
  [
    'a box that just misses centres',
    [box(0.51, 0.51, 3.49, 2.49)],
    ['.....', '.##..', '.....', '.....'],
  ],
  ['a hole', [box(0, 0, 5, 4), box(1, 1, 4, 3)], ['#####', '#...#', '#...#', '#####']],
  [
    'an island in a hole',
    [box(0, 0, 5, 4), box(1, 1, 4, 3), box(2, 1, 3, 2)],
    ['#####', '#.#.#', '#...#', '#####'],
  ],
  ['two boxes', [box(0, 0, 1, 2), box(3, 1, 5, 3)], ['#....', '#..##', '...##', '.....']],
  [
    'two boxes that overlap: even-odd',
    [box(0, 0, 3, 2), box(2, 1, 5, 3)],
    ['###..', '##.##', '..###', '.....'],
  ],
  [
    'a ring that crosses itself',
    [
      [
        [0, 0],
        [5, 4],
        [5, 0],
        [0, 4],
      ],
    ],
    ['#...#', '##.##', '##.##', '#...#'],
  ],
  ['what reaches over the grid', [box(-7, -9, 2.2, 99)], ['##...', '##...', '##...', '##...']],
  [
    'what lies beside the grid',
    [box(-7, 0, -1, 4), box(6, 0, 9, 4), box(0, -5, 5, -1), box(0, 5, 5, 9)],
    ['.....', '.....', '.....', '.....'],
  ],
  [
    'a diamond with its corners on centres',
    [
      [
        [2.5, 0.5],
        [4.5, 2.5],
        [2.5, 4.5],
        [0.5, 2.5],
      ],
    ],
    ['.....', '.##..', '####.', '.##..'],
  ],
  ['nothing at all', [], ['.....', '.....', '.....', '.....']],
  [
    'a point, a line, a line there and back',
    [
      [[1.5, 1.5]],
      [
        [0, 0],
        [5, 4],
      ],
      [
        [0, 2.5],
        [5, 2.5],
        [2, 2.5],
      ],
    ],
    ['.....', '.....', '.....', '.....'],
  ],
  [
    'a ring of one place',
    [
      [
        [2.5, 2.5],
        [2.5, 2.5],
        [2.5, 2.5],
        [2.5, 2.5],
      ],
    ],
    ['.....', '.....', '.....', '.....'],
  ],
]

describe('the pixels of', () => {
  for (const [name, rings, picture] of pictures) {
    it(name, () => assert.deepEqual(draw(rings, 5, 4), picture))
  }
})

describe('a centre on an edge', () => {
  it('belongs to the right and to the lower one of two neighbours, never to both', () => {
    assert.deepEqual(draw([box(0, 0, 2.5, 4)], 5, 4), Array(4).fill('##...'))
    assert.deepEqual(draw([box(2.5, 0, 5, 4)], 5, 4), Array(4).fill('..###'))
    assert.deepEqual(draw([box(0, 0, 5, 1.5)], 5, 4), ['#####', '.....', '.....', '.....'])
    assert.deepEqual(draw([box(0, 1.5, 5, 4)], 5, 4), ['.....', '#####', '#####', '#####'])
  })

  it('or on a corner leaves no gap: triangles of a net hold every pixel once', () => {
    const random = randomFrom(5)
    for (let round = 0; round < 50; round++) {
      // Every corner and the middle lie on centres or between them.
      const at = (most: number) => random.whole(0, 2 * most) / 2
      const middle = [at(12), at(12)] as const
      const rim = [
        [0, 0],
        [at(12), 0],
        [12, 0],
        [12, at(12)],
        [12, 12],
        [at(12), 12],
        [0, 12],
        [0, at(12)],
      ] as const
      const count = new Uint8Array(144)
      for (const [i, corner] of rim.entries()) {
        const triangle = [corner, rim[(i + 1) % rim.length] ?? corner, middle]
        const drawn = draw([triangle], 12, 12).join('')
        for (const [pixel, mark] of drawn.split('').entries())
          if (mark === '#') count[pixel] = count[pixel]! + 1
      }
      assert.deepEqual([...count], Array(144).fill(1), `middle ${middle.join(' ')}`)
    }
  })
})

describe('rows', () => {
  const random = randomFrom(9)
  const ring = Array.from(
    { length: 40 },
    () => [random.between(-3, 23), random.between(-3, 23)] as const,
  )

  it('are the same in whatever order they are asked', () => {
    const downwards = draw([ring], 20, 20)
    const polygon = new PixelPolygon([ring])
    const inside = new Uint8Array(20)
    const orders = [[19, 3, 3, 0, 11, 12, 7, 19], Array.from({ length: 20 }, (_, i) => 19 - i)]
    for (const row of orders.flat()) {
      polygon.markRow(row, inside)
      const drawn = [...inside].map((pixel) => (pixel === 1 ? '#' : '.')).join('')
      assert.equal(drawn, downwards[row], `row ${row}`)
    }
  })

  it('are those of a test of each centre by itself', () => {
    const drawn = draw([ring], 20, 20)
    for (let row = 0; row < 20; row++) {
      for (let col = 0; col < 20; col++) {
        assert.equal(drawn[row]?.[col] === '#', holds(ring, col + 0.5, row + 0.5), `${col} ${row}`)
      }
    }
  })

  it('of the largest polygon that may be asked, over a full scene, take seconds at most', () => {
    // 10,000 positions, 21 points between any two.
    const circle = Array.from({ length: 220_000 }, (_, i) => {
      const angle = (i / 220_000) * 2 * Math.PI
      return [3900 + 3800 * Math.cos(angle), 3900 + 3800 * Math.sin(angle)] as const
    })
    const polygon = new PixelPolygon([circle])
    const inside = new Uint8Array(7800)
    const began = performance.now()
    let pixels = 0
    for (let row = 0; row < 7800; row++) {
      polygon.markRow(row, inside)
      pixels += inside.reduce((sum, pixel) => sum + pixel, 0)
    }
    assert.ok(Math.abs(pixels / (Math.PI * 3800 ** 2) - 1) < 1e-5)
    assert.ok(performance.now() - began < 6000)
  })
})

/** The textbook's count of edges to the left of a point. */
function holds(ring: Ring, x: number, y: number): boolean {
  let inside = false
  for (const [i, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(i + 1) % ring.length] ?? [x1, y1]
    if (y1 > y !== y2 > y && x1 + ((y - y1) / (y2 - y1)) * (x2 - x1) < x) inside = !inside
  }
  return inside
}
