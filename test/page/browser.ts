// Debian's Chromium on the page of a local system of its own; what it complains of is kept.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { missing } from '../harness/requires.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Words to skip with, or null where Chromium is. */
export const noBrowser = missing({ commands: ['chromium'], packages: 'chromium' })

/** Nothing of Chromium's own reaches for the network; WebGL is drawn by the processor. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
]

/** @param more flags of this browser alone */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const args = [...flags, ...more]
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args })
}

export interface LocalSystem {
  /** Address, with a slash at its end. */
  readonly base: string
  readonly close: () => Promise<void>
}

/** `npm start`, once the page was built, in a folder of its own. */
export async function startLocal(env: Readonly<Record<string, string>> = {}): Promise<LocalSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-page-'))
  const child = spawn(process.execPath, ['functions/local.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], DATA_DIR: folder, PORT: '28080', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const base = await servingAt(child)
  return {
    base: `${base}/`,
    async close() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface SeasonServer {
  /** A STAC API with a year of scenes over one place, and one scene without CIDs. */
  readonly api: string
  /** A gateway with their blocks. */
  readonly gateway: string
  readonly close: () => void
}

/** Another program, as catalogues are. */
export async function startSeason(): Promise<SeasonServer> {
  const { told, close } = await startProgram('test/harness/season-server.ts')
  const { api, gateway } = JSON.parse(told)
  return { api, gateway, close }
}

export interface Deployment {
  /** The name that it is known by, with a slash at its end; only its own browser finds it. */
  readonly base: string
  /** Where it listens. */
  readonly port: number
  /** Who may have jobs and make fingerprints. */
  readonly token: string
  /** A STAC Item of plain copies. */
  readonly item: Readonly<Record<string, unknown>>
  /** Address of an origin that is neither the deployment nor its store. */
  readonly stranger: string
  /** Origin of its store. */
  readonly store: string
  /** A file that no reply of Lambda carries. */
  readonly large: { readonly path: string; readonly size: number }
  readonly close: () => void
}

/** A deployment with its bucket, its queue and a worker: another program, without the types of a page. */
export async function startDeployment(): Promise<Deployment> {
  const { told, close } = await startProgram('test/harness/deployed-server.ts')
  return { ...JSON.parse(told), close }
}

/** @returns its first line, of JSON */
async function startProgram(path: string): Promise<{ told: string; close: () => void }> {
  const child = spawn(process.execPath, [path], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  for await (const part of child.stdout) {
    told += String(part)
    if (told.endsWith('\n')) return { told, close: () => void child.kill() }
  }
  throw new Error(`${path} ended before it served.`)
}

async function servingAt(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const part of child.stdout ?? []) {
    text += String(part)
    const [base] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
    if (base !== undefined && text.includes('Serving')) {
      child.stdout?.resume()
      return base
    }
  }
  throw new Error(`The local system ended:\n${text}`)
}

export interface Visit {
  readonly page: Page
  /** Violations of the policy, exceptions, and errors that were written to the console. */
  readonly complaints: readonly string[]
  readonly close: () => Promise<void>
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

/** Opens an address in a window of its own. */
export async function visit(browser: Browser, address: string, look: Look = {}): Promise<Visit> {
  const { width = 1280, height = 800, scheme = 'light' } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const complaints: string[] = []
  await page.addInitScript(() => {
    const found: string[] = []
    Object.assign(globalThis, { violations: found })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      found.push(`${violatedDirective} ${blockedURI}`)
    })
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(address)
  return { page, complaints, close: () => context.close() }
}

/** What the policy of the page kept from happening. */
export async function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: unknown = Reflect.get(globalThis, 'violations')
    return Array.isArray(found) ? found.map(String) : []
  })
}

/** A pixel of what is on screen: red, green, blue. */
export async function pixelAt(page: Page, x: number, y: number): Promise<[number, number, number]> {
  const shot = await page.screenshot({
    clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 },
  })
  const { default: sharp } = await import('sharp')
  const [red = 0, green = 0, blue = 0] = await sharp(shot).removeAlpha().raw().toBuffer()
  return [red, green, blue]
}
