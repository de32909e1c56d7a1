// What the main job looks like in a terminal.

import { describeError, GreenprintError } from '../errors.ts'
import { type Step, steps, type Tell } from '../model/progress.ts'
import type { BandProof, NdviResult } from '../model/result.ts'
import { softwareLine } from '../software.ts'
import type { Refusal } from './api-gateway.ts'

export interface Report {
  /** @param base address of the local system */
  readonly start: (base: string) => void
  readonly tell: Tell
  readonly finish: (result: NdviResult) => void
  readonly fail: (error: unknown) => void
  /** A request that this server could not answer, by a fault of its own. */
  readonly fault: (refusal: Refusal) => void
  readonly serving: () => void
}

const words: Readonly<Record<Step, string>> = {
  scene: 'read the STAC item',
  fingerprint: 'read the files once for their CIDs',
  bands: 'open both bands by CID, every block hashed',
  ndvi: 'compute NDVI',
  figure: 'draw the figure, pack the directory',
  publish: 'publish',
}

/** A part of the Amazon, in the catalogue's default collection. */
const anyScene = {
  search: { api: 'https://earth-search.aws.element84.com/v1' },
  bbox: [-59.93, -3.16, -59.87, -3.1],
}

/** Those of a scene whose CIDs are known. */
const usual = steps.filter((step) => step !== 'fingerprint')

export function createReport(out: NodeJS.WriteStream): Report {
  const line = (text = '') => out.write(`${text}\n`)
  let current: Step | null = null
  let base = ''

  function tell(step: Step, share?: number): void {
    const percent = share === undefined ? '' : ` ${Math.round(share * 100)} %`
    const number = step === 'fingerprint' ? '  +' : `${usual.indexOf(step) + 1}/${usual.length}`
    const text = `  ${number}  ${words[step]}${percent}`
    // A terminal shows a step's progress in place; a log gets a line when it begins and one when it is done.
    if (out.isTTY)
      out.write(step === current ? `\r${text}` : `${current === null ? '' : '\n'}${text}`)
    else if (step !== current || share === 1) line(text)
    current = step
  }

  return {
    start(address) {
      base = address
      line(`The page: ${base}/`)
      line(`${softwareLine}, local system at ${base}`)
      line()
    },
    tell,
    finish(result) {
      if (out.isTTY) line()
      line()
      for (const text of describeResult(result, base)) line(text)
    },
    fail(error) {
      if (out.isTTY) line()
      line(`\nThe main job failed: ${describeError(error)}`)
      if (error instanceof GreenprintError) for (const detail of error.details) line(`  ${detail}`)
    },
    fault({ method, path, status, error }) {
      if (status < 500) return
      const reason = error === undefined ? status : describeError(error)
      line(`${method} ${path} failed: ${reason}`)
    },
    serving() {
      line()
      line(`Any scene of Earth Search: curl -s '${base}/ndvi' --json '${JSON.stringify(anyScene)}'`)
      line(
        '  Its files (about 0.5 GB) are read once for their CIDs; from then on every block is verified.',
      )
      line(
        '  With "trust": "transport" in it only the tiles are read, unverified, and the result says so.',
      )
      line(`Serving. Try: curl -s '${base}/health'   (Ctrl-C ends it)`)
    },
  }
}

function describeResult(result: NdviResult, base: string): string[] {
  const { statistics: s, proof, assets, root, item } = result
  const number = (value: number | null) => (value === null ? 'none' : value.toFixed(4))
  const { figure } = assets
  return [
    `  scene    ${item.id}`,
    ...Object.entries(proof.bands).map(
      ([name, band]) => `  ${name.padEnd(8)} ${describeBand(band)}`,
    ),
    `  NDVI     mean ${number(s.mean)}, stddev ${number(s.stddev)}, median ${number(s.percentiles['50'])}, range ${number(s.minimum)} to ${number(s.maximum)}`,
    `  pixels   ${s.valid_count} of ${s.total_count} valid (${s.valid_percent.toFixed(1)} %), reflectance by rule "${result.radiometry.applied}"`,
    ...result.publications.map(
      (publication) =>
        `  publish  ${publication.service}: ${publication.status === 'held' ? 'held, read back and hashed' : publication.reason}`,
    ),
    ...result.warnings.map((warning) => `  warning  ${warning}`),
    '',
    `  figure   ${figure?.cid ?? 'none'}`,
    `           ipfs://${root}/figure.png`,
    `           ${base}/ipfs/${root}/figure.png`,
  ]
}

function describeBand({ cid, bytes_read, size, blocks, sources }: BandProof): string {
  const served = Object.entries(sources).map(([source, count]) => `${count} from ${source}`)
  return `${cid}: ${bytes_read} bytes in ${blocks} blocks verified (file of ${size}), ${served.join(', ')}`
}
