// Degrees to a file's coordinates and back, against PROJ 9.1 (rasterio.warp.transform and transform_bounds).
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { crsOfKeys } from '../../../lib/geo/crs/crs.ts'
import {
  densifyRing,
  nearScene,
  type Projection,
  projectBounds,
} from '../../../lib/geo/projection.ts'
import type { Bbox } from '../../../lib/model/grid.ts'
import { openProjection } from '../../harness/crs.ts'
import { cogOf } from '../../harness/scenes.ts'

const open = (epsg: number) =>
  openProjection(
    epsg === 4326 || epsg === 4269
      ? { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: epsg }
      : { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: epsg },
  )

function near(ours: readonly number[], theirs: readonly number[], tolerance: number): void {
  assert.equal(ours.length, theirs.length)
  for (const [at, value] of ours.entries()) {
    const other = theirs[at] ?? Number.NaN
    assert.ok(Math.abs(value - other) <= tolerance, `${ours.join(' ')} is not ${theirs.join(' ')}`)
  }
}

/** EPSG code, longitude, latitude, x, y. */
const places: readonly (readonly [
  name: string,
  epsg: number,
  lon: number,
  lat: number,
  x: number,
  y: number,
])[] = [
  ['UTM north, below the equator', 32620, -59.9, -3.15, 844602.9593751545, -348685.81401470094],
  ['UTM north, at its origin', 32620, -63, 0, 500000, 0],
  ['UTM south', 32720, -59.9, -3.15, 844602.9593751545, 9651314.185985299],
  ['UTM zone 1', 32601, -179.5, 52.1, 328769.6177460889, 5775109.171863853],
  ['UTM zone 60 north', 32660, 179.9, -16.5, 809603.8310112089, -1826470.5792622059],
  ['UTM zone 60 south', 32760, 179.9, -16.5, 809603.8310112089, 8173529.420737794],
  ['UTM south, on its meridian', 32733, 15, -22.5, 500000, 7511828.355764018],
  ['UTM north, outside its zone', 32633, 9.2, 63.4, 210538.9813230338, 7043273.219257406],
  ['UTM on NAD83', 26910, -122, 38, 587798.4178354249, 4206286.757941066],
  ['UTM on ETRS89', 25832, 9, 48, 500000, 5316300.224329451],
  ['Antarctic polar stereographic, on its meridian', 3031, 0, -75, 0, 1638783.2384072365],
  [
    'Antarctic polar stereographic, west',
    3031,
    -110.25,
    -80.1,
    -1011590.9140264908,
    -373195.5910517049,
  ],
  [
    'Antarctic polar stereographic, east',
    3031,
    165.5,
    -77.8,
    333102.6666984312,
    -1288012.4432685142,
  ],
  ['NSIDC north, on its meridian', 3413, -45, 70, 0, -2187927.649279021],
  ['NSIDC north, on the other side', 3413, 100.5, 82.25, 476215.869286619, 692898.3894091275],
  ['NSIDC south', 3976, 10, -70, 379929.64916439273, 2154688.112039755],
  ['Arctic polar stereographic', 3995, 30, 75, 819391.6192036181, -1419227.9157567972],
  ['UPS north', 32661, 10, 85, 2096454.163785229, 1452981.2544984026],
  ['UPS north, east before north', 5041, 10, 85, 2096454.163785229, 1452981.2544984026],
  ['UPS south', 32761, -100, -85, 1452981.2544984026, 1903545.836214771],
  ['degrees', 4326, -59.9, -3.15, -59.9, -3.15],
  ['degrees, far north-east', 4326, 179.5, 80, 179.5, 80],
  ['degrees on NAD83', 4269, -100, 40, -100, 40],
  ['Web Mercator', 3857, -59.9, -3.15, -6668037.498517087, -350833.17663499893],
  ['Web Mercator, near its corner', 3857, 179.5, 84.9, 19981848.597392607, 19845401.33549638],
  ['Albers of the United States', 5070, -98.5, 39.8, -212121.6496907333, 1867357.48124798],
  ['Albers of Alaska', 3338, -150, 64, 195304.32795415758, 1565361.8202634363],
  ['Albers of Australia', 3577, 134, -25, 199585.0041761224, -2704133.231042273],
  ['Lambert of Europe', 3035, 10.5, 51.2, 4355947.735741707, 3121111.786642349],
  ['Lambert of France', 2154, 2.35, 48.85, 652301.5648305281, 6861302.725899576],
  ['EASE-Grid 2 global', 6933, 20, -30, 1929725.60501793, -3658789.324855012],
  ['EASE-Grid 2 north', 6931, 0, 80, 0, -1115409.050959006],
  ['Lambert of New York, in feet', 2263, -74, 40.7, 984250, 194305.3389411525],
]

describe('a place in', () => {
  for (const [name, epsg, lon, lat, x, y] of places) {
    it(`${name} (EPSG:${epsg}) has PROJ's coordinates, and comes back`, async () => {
      const projection = await open(epsg)
      near(projection.forward(lon, lat), [x, y], 1e-5)
      near(projection.inverse(x, y), [lon, lat], 1e-7)
    })
  }

  it('every UTM zone lies as in its first', async () => {
    for (const south of [false, true]) {
      for (let zone = 1; zone <= 60; zone++) {
        const projection = await open((south ? 32700 : 32600) + zone)
        const meridian = zone * 6 - 183
        const [x, y] = projection.forward(meridian + 1.2, south ? -32 : 50.4)
        near(
          [x, y],
          south ? [613350.0747718838, 6458935.236336511] : [585283.6816000317, 5583794.254243486],
          1e-5,
        )
      }
    }
  })
})

describe('GeoKeys', () => {
  const fixture = async (name: string) => {
    const url = new URL(`../../fixtures/tiffs/${name}.tif`, import.meta.url)
    return (await cogOf(new Uint8Array(await readFile(url)))).geoKeys
  }

  it('as GDAL writes them for a code give its projection', async () => {
    near(
      (await openProjection(await fixture('tiled-plain'))).forward(-59.9, -3.15),
      [844602.9593751545, 9651314.185985299],
      1e-5,
    )
    near(
      (await openProjection(await fixture('feet'))).forward(-74, 40.7),
      [984250, 194305.3389411525],
      1e-5,
    )
  })

  it('that describe a projection by its parameters give it', async () => {
    const albers = await openProjection(await fixture('albers-by-parameters'))
    near(albers.forward(-100.5, 40.25), [-379333.7266447161, 1923970.1843677624], 1e-5)
    const feet = await openProjection(await fixture('feet-by-parameters'))
    near(feet.forward(-100.5, 40.25), [-260280.73483353946, 6312225.513213235], 1e-4)
  })

  it('that name the base of a projection beside it give the projection', async () => {
    for (const more of [
      { GeographicTypeGeoKey: 4326 },
      { VerticalCSTypeGeoKey: 9999, VerticalUnitsGeoKey: 9001 },
      { ProjLinearUnitsGeoKey: 9001, GeogAngularUnitsGeoKey: 9102 },
    ]) {
      const projection = await openProjection({
        GTModelTypeGeoKey: 1,
        ProjectedCSTypeGeoKey: 32620,
        ...more,
      })
      near(projection.forward(-59.9, -3.15), [844602.9593751545, -348685.81401470094], 1e-5)
    }
  })

  const refused: readonly (readonly [
    name: string,
    keys: Record<string, unknown>,
    words: RegExp,
  ])[] = [
    [
      'a code that nobody knows',
      { ProjectedCSTypeGeoKey: 29999 },
      /^The CRS EPSG:29999 is not known here/,
    ],
    [
      'a geographic code that nobody knows',
      { GeographicTypeGeoKey: 29998 },
      /^The CRS EPSG:29998 is not known here/,
    ],
    [
      'a method that nobody knows',
      {
        GTModelTypeGeoKey: 1,
        ProjectedCSTypeGeoKey: 32767,
        GeographicTypeGeoKey: 4326,
        ProjCoordTransGeoKey: 999,
      },
      /has the projection method 999, which PROJ does not know/,
    ],
  ]
  for (const [name, keys, words] of refused) {
    it(`with ${name} are refused`, async () => {
      await assert.rejects(openProjection(keys), { code: 'raster_unusable', message: words })
    })
  }
})

describe('GeoKeys without a CRS', () => {
  const rows: readonly (readonly [name: string, keys: Record<string, unknown>])[] = [
    ['nothing', {}],
    ['a model alone', { GTModelTypeGeoKey: 1, GTRasterTypeGeoKey: 1 }],
    ['codes that are none', { ProjectedCSTypeGeoKey: 'UTM', GeographicTypeGeoKey: 0 }],
  ]
  for (const [name, keys] of rows) {
    it(`(${name}) give none`, async () => assert.equal(await crsOfKeys(keys), null))
  }
})

describe('the outline of a box', () => {
  it('is closed, clockwise from the top left, with 21 points between corners', () => {
    const points = densifyRing([0, 0, 22, 44])
    assert.equal(points.length, 4 * 22 + 1)
    assert.deepEqual(points[0], [0, 44])
    assert.deepEqual(points[1], [1, 44])
    assert.deepEqual(
      [points[22], points[44], points[66], points[88]],
      [
        [22, 44],
        [22, 0],
        [0, 0],
        [0, 44],
      ],
    )
  })
})

describe('the box around a box is PROJ’s in', () => {
  const rows: readonly (readonly [name: string, epsg: number, box: Bbox, bounds: Bbox])[] = [
    [
      'UTM north',
      32620,
      [-60.1, -3.2, -59.8, -3.0],
      [822335.3135785252, -354254.7739216872, 855780.3847371449, -332020.4641919226],
    ],
    [
      'UTM south',
      32720,
      [-60.1, -3.2, -59.8, -3.0],
      [822335.3135785252, 9645745.226078313, 855780.3847371449, 9667979.535808077],
    ],
    [
      'UTM, over the antimeridian',
      32601,
      [179.8, 51.0, -179.6, 51.5],
      [275481.48978786764, 5653042.613058101, 319540.76564574614, 5710285.197636085],
    ],
    [
      'UTM, as wide as a country',
      32633,
      [10, 60, 20, 64],
      [221288.77024763182, 6651411.190362714, 778711.2297523702, 7106606.111313176],
    ],
    [
      'polar stereographic south',
      3031,
      [160, -79, 170, -77],
      [208154.342368602, -1396780.1385459912, 485096.6513197479, -1126421.8383189477],
    ],
    [
      'polar stereographic north',
      3413,
      [-50, 69, -40, 71],
      [-200428.390718381, -2299657.881393781, 200428.390718381, -2068626.0375474503],
    ],
    ['degrees', 4326, [-60.1, -3.2, -59.8, -3.0], [-60.1, -3.2, -59.8, -3.0]],
    [
      'Web Mercator',
      3857,
      [-60.1, -3.2, -59.8, -3.0],
      [-6690301.396675741, -356407.70811400906, -6656905.5494377585, -334111.1714019596],
    ],
    [
      'Albers',
      5070,
      [-100, 35, -90, 45],
      [-361961.77654551464, 1326804.7322428073, 542742.2705864375, 2460630.2944375253],
    ],
  ]
  for (const [name, epsg, box, bounds] of rows) {
    it(name, async () => near(projectBounds(box, await open(epsg)), bounds, 1e-5))
  }

  it('finite, where a pole has no place', async () => {
    const [left, bottom, right, top] = projectBounds([0, 80, 10, 90], await open(3857))
    near([left, right], [0, 1113194.9079327357], 1e-3)
    assert.ok(bottom > 15_000_000 && Number.isFinite(top) && top > 30_000_000)
  })
})

describe('of a box that is asked for', () => {
  const manaus: Bbox = [-60.01, -3.21, -59.78, -3.08]
  const fiji: Bbox = [179.7, -18.1, -179.2, -17.1]
  const rows: readonly (readonly [name: string, asked: Bbox, scene: Bbox, part: Bbox | null])[] = [
    ['a small one is kept', [-60, -3.2, -59.9, -3.1], manaus, [-60, -3.2, -59.9, -3.1]],
    ['one that ends near the scene is kept', [-65, -8, -59.9, 1], manaus, [-65, -8, -59.9, 1]],
    [
      'the whole world is cut to ten degrees around',
      [-180, -90, 180, 90],
      manaus,
      [-70.01, -13.21, -49.78, 6.92],
    ],
    [
      'a continent is cut where it goes beyond that',
      [-82, -56, -59.9, 13],
      manaus,
      [-70.01, -13.21, -59.9, 6.92],
    ],
    [
      'one over the antimeridian that reaches the scene is kept',
      [170, -10, -59.9, 10],
      manaus,
      [-70.01, -10, -59.9, 6.92],
    ],
    ['another continent is nothing', [-10, 35, 40, 70], manaus, null],
    ['the same longitudes elsewhere are nothing', [-60, 40, -59, 50], manaus, null],
    ['the antipodes are nothing', [119, 2, 121, 4], manaus, null],
    [
      'the whole world over the antimeridian is cut',
      [-180, -90, 180, 90],
      fiji,
      [169.7, -28.1, 190.8, -7.1],
    ],
    [
      'one from the east goes on beyond 180',
      [-180, -18, -179.5, -17.5],
      fiji,
      [180, -18, 180.5, -17.5],
    ],
    ['one from the west stays', [179.5, -18, 180, -17.5], fiji, [179.5, -18, 180, -17.5]],
    ['one across stays', [179.5, -18, -179.5, -17.5], fiji, [179.5, -18, 180.5, -17.5]],
  ]
  for (const [name, asked, scene, part] of rows) {
    it(name, async () => {
      const found = nearScene(asked, scene, await open(scene === fiji ? 32760 : 32620))
      assert.equal(found.length, part === null ? 0 : 1)
      if (part !== null) near(found[0] ?? [], part, 1e-9)
    })
  }

  it('with west and east exchanged is nothing, or both ends of a scene', async () => {
    const utm = await open(32620)
    assert.deepEqual(nearScene([-59.7, -3.2, -60.1, -3.1], manaus, utm), [])
    assert.equal(nearScene([-59.85, -3.2, -59.95, -3.1], manaus, utm).length, 2)
  })

  const globes: readonly (readonly [name: string, scene: Bbox, asked: Bbox, part: Bbox | null])[] =
    [
      ['within it', [-180, -90, 180, 90], [-60, -30, -45, 0], [-60, -30, -45, 0]],
      ['all of it', [-180, -90, 180, 90], [-180, -90, 180, 90], [-180, -90, 180, 90]],
      ['all of it, of 0 to 360', [0, -90, 360, 90], [-180, -90, 180, 90], [0, -90, 360, 90]],
      ['of 0 to 360 a turn on', [0, -90, 360, 90], [-60, -30, -45, 0], [300, -30, 315, 0]],
      ['at both ends', [-180, -90, 180, 90], [165, -30, -165, 0], null],
      ['at both ends of 0 to 360', [0, -90, 360, 90], [-15, -30, 15, 0], null],
      ['nearly all of it', [-180, -90, 180, 90], [10, -30, 5, 0], null],
      [
        'in the gap, and at one end',
        [-175, -10, 170, 10],
        [172, -5, -170, 5],
        [-182.5, -5, -170, 5],
      ],
    ]
  for (const [name, scene, asked, part] of globes) {
    it(`of a scene around the globe, ${name}`, async () => {
      const found = nearScene(asked, scene, await open(4326))
      assert.equal(found.length, part === null ? 2 : 1)
      if (part !== null) near(found[0] ?? [], part, 1e-9)
    })
  }

  it('the whole world covers the scene in its own projection, wherever that is', async () => {
    const scenes: readonly (readonly [number, Bbox])[] = [
      [32620, manaus],
      [32720, manaus],
      [3857, manaus],
      [4326, manaus],
      [5070, [-98, 39, -97, 40]],
      [32760, fiji],
      [3031, [160, -79, 170, -77]],
      [3413, [-50, 69, -40, 71]],
    ]
    for (const [epsg, scene] of scenes) {
      const projection: Projection = await open(epsg)
      const [world] = nearScene([-180, -90, 180, 90], scene, projection)
      assert.ok(world)
      const [left, bottom, right, top] = projectBounds(world, projection)
      const inner = projectBounds(scene, projection)
      assert.ok(
        left < inner[0] && bottom < inner[1] && right > inner[2] && top > inner[3],
        `EPSG:${epsg}`,
      )
    }
  })
})
