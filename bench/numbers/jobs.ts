// What the numbers bench runs: our job, the notebook's, and rasterio's from an overview.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeOptions } from '../../infra/node-options.ts'
import { once } from '../../lib/async/once.ts'
import { PYTHON } from '../../test/harness/requires.ts'
import { bundled } from '../bundled.ts'
import { cache, type Pair } from '../pair.ts'
import type { OnDisk } from './disk.ts'
import type { Job } from './processes.ts'

export interface Sized {
  readonly pair: Pair
  readonly disk: OnDisk
}

/** GDAL counts from 0 at the first overview: of a scene that halves, this one has 963 x 975 pixels. */
const OVERVIEW = 2

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const ours = once(() => bundled(script('ours.ts')))

/** As a deployment runs it: bundled and started as its functions are. */
export async function ourJob(
  { disk }: Sized,
  size: 'full' | number,
  outputs: readonly string[],
): Promise<Job> {
  return {
    name: `greenprint ${disk.name}, ${size === 'full' ? 'full' : `${size} px`}, ${outputs.join('+')}`,
    command: process.execPath,
    args: [await ours(), disk.dataDir, disk.item, String(size), ...outputs],
    environment: { NODE_OPTIONS: nodeOptions },
  }
}

/** The same job as the image of the server runs it: from the sources, of which Node keeps what it has compiled. */
export function fromSources({ name, args: [, ...args], environment, ...rest }: Job): Job {
  return {
    ...rest,
    name: `${name}, from the sources`,
    args: [script('ours.ts'), ...args],
    environment: { ...environment, NODE_COMPILE_CACHE: join(cache, 'compiled') },
  }
}

export function notebookJob({ pair, disk }: Sized): Job {
  return { name: `notebook ${disk.name}, full`, command: PYTHON, args: pythonArgs(pair) }
}

export function overviewJob({ pair, disk }: Sized): Job {
  const args = [...pythonArgs(pair), String(OVERVIEW)]
  return { name: `notebook ${disk.name}, from the same overview`, command: PYTHON, args }
}

/** The same job where it has one processor, and so no threads of ours. */
export function onOneCore({ name, command, args, ...rest }: Job): Job {
  return {
    ...rest,
    name: `${name}, one core`,
    command: 'taskset',
    args: ['-c', '0', command, ...args],
  }
}

function pythonArgs({ red, nir }: Pair): string[] {
  return [script('notebook.py'), red, nir, join(cache, 'notebook.png')]
}
