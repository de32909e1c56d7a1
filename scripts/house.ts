// The house: its floors from the top, the rooms on each, and what each room is for. A file imports from its own room
// and from floors below; test/unit/architecture.test.ts holds every import against this, and the documents show it.

type Floor = Readonly<Record<string, string>>

export const floors: readonly Floor[] = [
  { functions: 'one file for each way in: an event in, one call, a reply out' },
  { 'lib/http': 'routes, requests, replies, problem details, /ipfs; alone knows HTTP statuses' },
  { 'lib/events': 'notices and schedules become jobs' },
  { 'lib/worker.ts': 'what a worker does with a job' },
  { 'lib/services.ts': 'from the configuration to the adapters; nothing else chooses one' },
  { 'lib/series.ts': 'from a search to zones over time: a job for each observation' },
  { 'lib/jobs': 'the record of a job and its changes, queue, leases, notices of results' },
  {
    'lib/pipeline.ts': 'THE PAGE: from an order to a published NDVI, a line for each step',
    'lib/statistics.ts': 'the numbers alone, in the same way: nothing is made or kept',
    'lib/fingerprint.ts': 'from an order to the CIDs of files that have none, in the same way',
    'lib/verify.ts': 'from a published result to the same result computed again, and what differs',
    'lib/zones.ts': 'from an order to the numbers of zones on one observation',
    'lib/change.ts': 'from an order to the difference of two scenes',
    'lib/composite.ts': 'from an order to one raster of all scenes of a search',
    'lib/scenes.ts': 'from a search to the scenes that answer it, and where each can be read from',
    'lib/tiles.ts': 'from a scene, or a published result, to the tiles of a map',
    'lib/point.ts': 'from a place to what a scene, or a published result, says there',
  },
  { 'lib/steps': 'the steps that the pages list, a file each' },
  {
    'lib/local': 'what stands in for AWS on this machine: API Gateway, SQS',
    'lib/catalogue': 'what was made, day by day, and searched as a STAC API searches',
  },
  {
    'lib/stac': 'items of every shape, search, the published item',
    'lib/pixels': 'NDVI, windows, statistics, quality bands',
    'lib/publish': 'directories, publishers (w3up, S3, local), records of results',
    'lib/figure': 'the page around the map',
    'lib/sample': 'the sample scene and its root',
    'lib/fingerprints': 'the CID of a file that has none, and its record',
  },
  {
    'lib/cog': 'Cloud Optimized GeoTIFF, read and written',
    'lib/image': 'colour ramps, indexed PNG, layer, picture',
    'lib/ipfs': 'the network: gateways raced, mirrors, files read in ranges',
    'lib/copies': 'plain copies of files over HTTPS and S3, one version each',
  },
  {
    'lib/signing': 'tokens and headers for hosts that want them',
    'lib/kept':
      'what was made here, kept once: files whole, their DAG beside them; blocks of others',
  },
  {
    'lib/store': 'objects on disk and in S3, records, scratch',
    'lib/net': 'the only fetch: guard of hosts, time-outs, limits',
    'lib/log.ts': 'the only lines',
    'lib/metrics.ts': 'what a line of the log measures, as CloudWatch reads it',
  },
  {
    'lib/config': 'the environment, read once by one table',
    'lib/request': 'what a request may say, and its reader',
  },
  {
    'lib/ipld': 'CIDs, UnixFS, CAR, directories; the one place that verifies',
    'lib/products': 'what is known of each product: to add a satellite, come here',
    'lib/geo': 'projections, areas, footprints, the antimeridian',
    'lib/async': 'clock, deadlines, limits, tasks together',
    'lib/aws': 'what AWS refuses, and what it keeps for us by a name',
  },
  { 'lib/model': 'plain types that every floor shares' },
  {
    'lib/errors.ts': 'every error by its code',
    'lib/software.ts': 'name and version',
  },
]

export const rooms: readonly string[] = floors.flatMap((floor) => Object.keys(floor))

/** Every room with what it is for, under the number of its floor. */
export function houseMap(): string[] {
  const width = Math.max(...rooms.map((room) => nameOf(room).length))
  const lines = floors.flatMap((floor, below) =>
    Object.entries(floor).map(([room, what], at) => {
      const number = at === 0 ? String(floors.length - 1 - below) : ''
      return `${number.padStart(2)}  ${nameOf(room).padEnd(width)}  ${what}`
    }),
  )
  return fenced(lines)
}

/** The rooms of `lib/` alone, floors apart by a dot. */
export function shortMap(): string[] {
  const names = floors.map((floor) =>
    Object.keys(floor)
      .filter((room) => room.startsWith('lib/'))
      .map((room) => nameOf(room).slice('lib/'.length))
      .join(' '),
  )
  const lines: string[] = []
  for (const name of names.filter((each) => each !== '')) {
    const last = lines.at(-1)
    const longer = last === undefined ? name : `${last} · ${name}`
    if (last === undefined || longer.length > LINE) lines.push(name)
    else lines[lines.length - 1] = longer
  }
  return fenced(lines.map((line, at) => `${at === 0 ? 'lib/' : '    '}  ${line}`))
}

const LINE = 90

function nameOf(room: string): string {
  return room.endsWith('.ts') ? room : `${room}/`
}

function fenced(lines: readonly string[]): string[] {
  return ['```', ...lines, '```']
}
