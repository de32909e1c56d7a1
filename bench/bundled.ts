// Programs of the benches as a deployment runs its functions: bundled by esbuild, as SST does it.

import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import { bundle } from '../infra/bundle.ts'
import { cache } from './pair.ts'

const made = new Map<string, string>()

/** @param program path of its first file. @returns that of its bundle, made now unless this process has made it */
export function bundled(program: string): string {
  const known = made.get(program)
  if (known !== undefined) return known
  const name = basename(program, '.ts')
  const folder = join(cache, 'bundles', name)
  rmSync(folder, { recursive: true, force: true })
  bundleInto(folder, program)
  const path = join(folder, `${name}.mjs`)
  made.set(program, path)
  return path
}

/** What SST 4 gives esbuild beside the settings of a function: pkg/runtime/node/build.go of its sources. */
export function bundleInto(folder: string, program: string): void {
  const { minify, splitting, install } = bundle
  buildSync({
    entryPoints: [program],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting,
    minify,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'esnext',
    mainFields: ['module', 'main'],
    // SST's esbuild is older.
    supported: { using: false },
    external: install,
    banner: { js: BANNER },
  })
}

const BANNER = `import { createRequire as topLevelCreateRequire } from 'module';
const require = topLevelCreateRequire(import.meta.url);
import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"
const __filename = topLevelFileUrlToPath(import.meta.url)
const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))
`
