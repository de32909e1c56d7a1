// The scripts of examples/ that compute published results again, in one process: what takes their time is to load
// rasterio.

import { fileURLToPath } from 'node:url'
import { PythonLines } from './python-lines.ts'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))

const driver = `
import contextlib, importlib, io, json, sys
sys.path.insert(0, sys.argv[1])
for line in sys.stdin:
    name, arguments = json.loads(line)
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            status = importlib.import_module(name).main(arguments)
        report = json.loads(said.getvalue())
    except SystemExit as refusal:
        status, report = 2, {"reproduced": False, "differs": [str(refusal)]}
    print(json.dumps({"status": status, **report}), flush=True)`

export interface Recomputation {
  /** 0 where everything came out as it was published, 1 where something differs, 2 for a refusal. */
  readonly status: number
  readonly differs: readonly string[]
}

/** Started with the first question. */
export class Recomputing {
  #python: PythonLines | undefined

  /** @param script without its `.py` */
  async run(script: string, args: readonly string[]): Promise<Recomputation> {
    this.#python ??= new PythonLines(['-c', driver, examples])
    return JSON.parse(await this.#python.ask(JSON.stringify([script, args])))
  }

  async close(): Promise<void> {
    await this.#python?.close()
  }
}

/** `red=/folder/B04.tif` of each file. */
export function namedFiles(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([name, path]) => `${name}=${path}`)
}
