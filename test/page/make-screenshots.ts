// npm run screenshots: the pictures of the README, from the running product.

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { type Look, startBrowser, startLocal, visit } from './browser.ts'

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const COLOURS = 48

const pictures: readonly (readonly [name: string, path: string, look: Look])[] = [
  ['page.png', '', { width: 1040, height: 640 }],
  ['page-phone.png', '?tab=believe', { width: 390, height: 700, scheme: 'dark' }],
]

mkdirSync(folder, { recursive: true })
const browser = await startBrowser()
const system = await startLocal()
try {
  for (const [name, path, look] of pictures) {
    const { page, close } = await visit(browser, `${system.base}${path}`, look)
    await page.locator('#mean').waitFor({ state: 'attached' })
    await page.waitForFunction(
      () => document.querySelector('#map')?.getAttribute('data-idle') === 'yes',
    )
    const shot = await page.screenshot()
    const { size } = await sharp(shot)
      .png({ palette: true, colours: COLOURS, effort: 10 })
      .toFile(`${folder}${name}`)
    process.stdout.write(`docs/images/${name}: ${size} bytes\n`)
    await close()
  }
} finally {
  await browser.close()
  await system.close()
}
