// The page in a real browser, on a real local system.
// Long: one page, one browser, one system; a test each.

import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { boxGeometry } from '../../lib/geo/antimeridian.ts'
import { rampData } from '../../lib/image/ramps.data.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { skipBecause } from '../harness/requires.ts'
import {
  type LocalSystem,
  noBrowser,
  pixelAt,
  startBrowser,
  startLocal,
  type Visit,
  violations,
  visit,
} from './browser.ts'

const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url))

let browser: Browser
let system: LocalSystem

before(async () => {
  if (noBrowser !== null) return
  browser = await startBrowser()
  system = await startLocal()
})
after(async () => {
  await browser?.close()
  await system?.close()
})

/** One window for one test; nothing may be complained of in it. */
function test(
  name: string,
  path: string,
  run: (seen: Visit, t: TestContext) => Promise<void>,
  {
    look,
    allowed = /^$/,
  }: { readonly look?: Parameters<typeof visit>[2]; readonly allowed?: RegExp } = {},
): void {
  it(name, async (t) => {
    if (skipBecause(t, noBrowser)) return
    const seen = await visit(browser, `${system.base}${path}`, look)
    try {
      await run(seen, t)
      assert.deepEqual(await violations(seen.page), [])
      assert.deepEqual(
        seen.complaints.filter((line) => !allowed.test(line)),
        [],
      )
    } finally {
      await seen.close()
    }
  })
}

async function meanShown(page: Page): Promise<string> {
  await page.locator('#mean').waitFor()
  return (await page.locator('#mean').textContent()) ?? ''
}

/** Once the map stands still with all of its tiles. */
async function mapAtRest(page: Page): Promise<void> {
  await page.locator('#map canvas').first().waitFor()
  await page.waitForFunction(
    () => document.querySelector('#map')?.getAttribute('data-idle') === 'yes',
  )
}

describe('the first view', () => {
  test('shows the sample at its place, its numbers and its trust', '', async ({ page }) => {
    assert.match(await meanShown(page), /^0\.2789 mean NDVI/)
    await page.getByText('every block checked').first().waitFor()
    await page.getByText('398,266 of 398,268').waitFor()
    await mapAtRest(page)
    const { width, height } = await boxOf(page, '#map')
    const [red, green, blue] = await pixelAt(page, 380 + width / 2, height / 2)
    // The Rio Negro: water is red on this ramp, and nothing else here is.
    assert.ok(
      red > 120 || green > 100 || blue > 60,
      `the middle of the map is ${[red, green, blue].join(' ')}`,
    )
    assert.notDeepEqual([red, green, blue], [247, 246, 241])
  })

  test('is quick', '', async ({ page }, t) => {
    await page.locator('#mean').waitFor()
    const seconds = await page.evaluate(() => performance.now() / 1000)
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    )
    t.diagnostic(
      `first paint after ${(paint / 1000).toFixed(2)} s, numbers after ${seconds.toFixed(2)} s`,
    )
    assert.ok(Number.isFinite(paint))
  })

  it('has at most 150 kB of our own code', async (t) => {
    if (skipBecause(t, noBrowser)) return
    const own = (await readdir(dist)).filter((name) => /^(page|docs)-\w+\.js\.br$/.test(name))
    const sizes = await Promise.all(
      own.map(async (name) => brotliDecompressSync(await readFile(`${dist}${name}`)).length),
    )
    const total = sizes.reduce((sum, size) => sum + size, 0)
    t.diagnostic(`${own.length} files, ${total} bytes`)
    assert.equal(own.length, 2)
    assert.ok(total <= 150_000)
  })
})

async function boxOf(
  page: Page,
  selector: string,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(selector).first().boundingBox()
  assert.ok(box !== null, selector)
  return box
}

/** @returns what the map tells of the place under the pointer, which is in its middle then */
async function pointAtTheMiddle(page: Page): Promise<string> {
  const { x, y, width, height } = await boxOf(page, '#map')
  await page.mouse.move(x + width / 2, y + height / 2)
  const label = page.locator('.hover')
  await label.waitFor()
  return (await label.textContent()) ?? ''
}

describe('looking at a scene', () => {
  test('counts anew what the controls change, and the address has it', '', async ({ page }) => {
    await meanShown(page)
    await page.getByLabel('Box in degrees').first().waitFor({ state: 'attached' })
    const look = page.getByRole('tabpanel', { name: 'Look' })
    await look.getByLabel(/Box in degrees/).fill('-59.93,-3.16,-59.87,-3.1')
    await look.getByLabel(/Box in degrees/).press('Enter')
    await page.waitForFunction(
      () => document.querySelector('#mean')?.textContent?.startsWith('0.2789') === false,
    )
    const mean = await meanShown(page)
    await page.waitForURL(/area=-59\.93/)
    const again = await visit(browser, page.url())
    assert.equal(await meanShown(again.page), mean)
    await again.close()
  })

  test(
    'is at the place that its address names, however late its scene comes',
    '',
    async ({ page }) => {
      await meanShown(page)
      await mapAtRest(page)
      await page.route(
        ({ pathname }) => pathname === '/ndvi',
        async (route) => {
          await page.locator('#map canvas').first().waitFor()
          await mapAtRest(page)
          await route.continue()
        },
      )
      await page.goto(`${system.base}?view=-59.9,-3.15,13`)
      await meanShown(page)
      await mapAtRest(page)
      const told = await pointAtTheMiddle(page)
      assert.match(told, /-3\.15\d+, -59\.(90|89)\d+$/)
      // A wheel moves it without a button held: that is in the address, too.
      await page.mouse.wheel(0, -300)
      await page.waitForURL((url) => !url.href.endsWith('view=-59.9%2C-3.15%2C13'))
    },
  )

  test(
    'the legend, and what is told of the answer, are those of the picture',
    '',
    async ({ page }) => {
      await meanShown(page)
      const range = page.getByLabel('Range')
      await range.fill('0.8, 0.2')
      await range.press('Enter')
      assert.match(
        await range.evaluate((input) =>
          input instanceof HTMLInputElement ? input.validationMessage : '',
        ),
        /smaller first/,
      )
      await page.route(
        ({ pathname }) => pathname === '/ndvi',
        (route) => route.fulfill({ status: 502, body: '<html>Bad Gateway</html>' }),
      )
      await range.fill('−0.2, 0.8')
      await range.press('Enter')
      await page.locator('[data-code=unreadable]').waitFor()
      await page.getByText('answers the request before').waitFor()
      assert.ok(
        await page.locator('#state').evaluate((state) => state.getBoundingClientRect().top >= 0),
      )
      assert.equal(await page.locator('.legend .ends').textContent(), '−11')
      await page.unrouteAll()
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.locator('.legend .ends', { hasText: '−0.20.8' }).waitFor()
      await page.locator('#state .old').waitFor({ state: 'detached' })
    },
    { allowed: /502/ },
  )

  test('takes a file that is dropped anywhere on it', '', async ({ page }) => {
    await meanShown(page)
    const box = boxGeometry([-59.93, -3.16, -59.87, -3.1])
    const isTaken = await page.evaluate((text) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], 'field.geojson'))
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      return !document.querySelector('header')?.dispatchEvent(event)
    }, JSON.stringify(box))
    assert.ok(isTaken)
    await page.waitForURL(/area=-59\.93%2C-3\.16%2C-59\.87%2C-3\.1$/)
  })

  test('tells the same request as code that runs', '', async ({ page }) => {
    await meanShown(page)
    await page.getByText('The same request as code').click()
    const code = (await page.locator('details.code pre').first().textContent()) ?? ''
    assert.ok(code.startsWith(`curl -s ${system.base}ndvi --json '`), code)
    const { stdout } = await shell(code)
    assert.equal(Math.round(JSON.parse(stdout).statistics.mean * 1e4), 2789)
  })

  test(
    'refuses an area off the scene, and offers the whole scene',
    '?area=10,10,11,11&item=http://127.0.0.1:28080/stac/collections/landsat-c2l2-sr/items/LC09_L2SP_231062_20230723_20230802_02_T1',
    async ({ page }) => {
      await page.locator('[data-code=outside_scene]').waitFor()
      await page.getByRole('button', { name: 'Show the whole scene' }).click()
      assert.match(await meanShown(page), /^0\.2789/)
    },
    { allowed: /422/ },
  )

  test('says what is wrong with an area', '', async ({ page }) => {
    await meanShown(page)
    const circle = Array.from({ length: 12_001 }, (_, at) => {
      const angle = (at / 12_000) * 2 * Math.PI
      return [Math.cos(angle) - 60, Math.sin(angle) - 3]
    })
    const box = page.getByRole('tabpanel', { name: 'Look' }).getByLabel(/Box in degrees/)
    for (const [text, words] of [
      ['not an area', /Give four numbers/],
      ['10,20,15,10', /no extent/],
      ['{"type":"Point","coordinates":[1,2]}', /no Polygon/],
      ['0,-95,10,10', /Latitudes/],
      [JSON.stringify({ type: 'Polygon', coordinates: [circle] }), /12,001 corners/],
    ] as const) {
      await box.fill(text)
      await box.press('Enter')
      await page.getByText(words).first().waitFor()
    }
  })
})

async function shell(command: string): Promise<{ stdout: string }> {
  const { exec } = await import('node:child_process')
  const { promisify } = await import('node:util')
  return promisify(exec)(command)
}

describe('a choice that the address names and no control has', () => {
  test(
    'is shown as it is',
    '?tab=find&size=700&api=https%3A%2F%2Fcatalogue.example%2Fv1',
    async ({ page }) => {
      assert.equal(await page.locator('select[name=size]').inputValue(), '700')
      assert.equal(await page.getByLabel('Catalogue').inputValue(), 'https://catalogue.example/v1')
    },
  )
})

describe('finding scenes', () => {
  test(
    'lists them with where each can be read from, and opens one',
    '?tab=find&cloud=100',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Find scenes' }).click()
      const hit = page.locator('.hit').first()
      await hit.waitFor()
      assert.match((await hit.textContent()) ?? '', /2023-07-23.*cloud 1 %.*LC09_L2SP_231062.*CID/)
      await hit.click()
      assert.match(await meanShown(page), /^0\.2789/)
      await page.waitForURL(/item=/)
    },
  )

  test(
    'says which condition to loosen',
    '?tab=find&from=1999-01-01&to=1999-12-31',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Find scenes' }).click()
      await page.getByText(/widen the dates/).waitFor()
    },
  )

  test('takes a pasted item, whose text stays text', '?tab=find', async ({ page }) => {
    const item = await sampleItem()
    const hostile =
      '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>'
    await page.getByText('Paste an item').first().click()
    await page.locator('textarea[name=item]').fill(JSON.stringify({ ...item, id: hostile }))
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.locator('.scene .name', { hasText: 'onerror' }).waitFor()
    assert.notEqual(await page.title(), 'taken')
    assert.equal(await page.locator('#panel img[src=x], #panel script').count(), 0)
    // The tab keeps it.
    await page.waitForURL(/item=pasted/)
    await page.reload()
    await page.locator('.scene .name', { hasText: 'onerror' }).waitFor()
  })
})

describe('believing', () => {
  test(
    'shows per band its CID, what was read and from whom',
    '?tab=believe',
    async ({ page }) => {
      const red = page.locator('[data-band=red]')
      await red.waitFor()
      const text = (await red.textContent()) ?? ''
      assert.match(text, /QmfZ2iw5…mLjSj6N|QmfZ2iw5/)
      assert.match(text, /in 4 blocks/)
      await red.getByRole('button', { name: /Copy the CID of red/ }).click()
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        'QmfZ2iw5CUpxav1TNd4wTyLmeMQeroNgA4hyTBBXmWSj6N',
      )
    },
    { allowed: /404/ },
  )
})

describe('believing', () => {
  test(
    'recomputes the result, and says that it is equal',
    '?tab=believe',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Recompute' }).click()
      await page.getByText('Equal: the same root').waitFor()
    },
    { allowed: /404/ },
  )
})

describe('the picture', () => {
  test('has the colour of the value, at its place', '?opacity=100', async ({ page }) => {
    await meanShown(page)
    await mapAtRest(page)
    const { x, y, width, height } = await boxOf(page, '#map')
    const label = page.locator('.hover')
    let compared = 0
    for (const [right, down] of [
      [0.2, 0.45],
      [0.35, 0.55],
      [0.5, 0.5],
      [0.62, 0.6],
      [0.8, 0.45],
    ] as const) {
      const place = [x + width * right, y + height * down] as const
      await page.mouse.move(...place)
      await label.waitFor()
      const value = Number(
        (/^\D?\d\.\d{4}/.exec((await label.textContent()) ?? '')?.[0] ?? '').replace('−', '-'),
      )
      const colour = await pixelAt(page, ...place)
      const near = [-2, -1, 0, 1, 2].map((step) =>
        rampColour(Math.floor(((value + 1) / 2) * 256) + step),
      )
      const isNear = near.some((other) =>
        other.every((channel, at) => Math.abs(channel - (colour[at] ?? 0)) <= 3),
      )
      if (isNear) compared++
      await page.mouse.move(0, 0)
      await label.waitFor({ state: 'hidden' })
    }
    // Where neighbours differ much, the map's pixel may be the neighbour's.
    assert.ok(compared >= 4, `${compared} of 5 places have their colour`)
  })
})

/** Of the default ramp. */
function rampColour(entry: number): number[] {
  const bytes = Buffer.from(rampData.rdylgn, 'base64')
  const at = Math.min(255, Math.max(0, entry)) * 3
  return [...bytes.subarray(at, at + 3)]
}

describe('the map', () => {
  test(
    'tells which tiles did not come, and has them once the network is back',
    '?opacity=100',
    async ({ page }) => {
      await meanShown(page)
      await mapAtRest(page)
      await page.route(
        ({ pathname }) => pathname.startsWith('/tiles/'),
        (route) => route.abort(),
      )
      await page.getByLabel('Colours').selectOption('viridis')
      await page.getByText('Parts of the picture did not come.').waitFor()
      await page.unrouteAll()
      const tile = page.waitForResponse((response) => response.url().includes('/tiles/'))
      await page.evaluate(() => dispatchEvent(new Event('online')))
      assert.equal((await tile).status(), 200)
      await page.locator('.map-note').waitFor({ state: 'hidden' })
      await page.waitForTimeout(500)
      await mapAtRest(page)
      const { x, y, width, height } = await boxOf(page, '#map')
      const colour = await pixelAt(page, x + width / 2, y + height / 2)
      assert.notDeepEqual(colour, [247, 246, 241])
    },
    { allowed: /ERR_FAILED/ },
  )

  test(
    'asks anew where the tiles are, once their addresses have ended',
    '',
    async ({ page }) => {
      await meanShown(page)
      await mapAtRest(page)
      let hasEnded = true
      await page.route(
        ({ pathname }) => pathname === '/tilejson.json',
        async (route) => {
          const told = await (await route.fetch()).text()
          return route.fulfill({ body: hasEnded ? told : told.replace('.png?', '.png?new=1&') })
        },
      )
      await page.route(
        ({ pathname }) => pathname.startsWith('/tiles/'),
        (route) => {
          const url = route.request().url()
          if (url.includes('new=1&')) return route.continue({ url: url.replace('new=1&', '') })
          hasEnded = false
          return route.fulfill({ status: 401, json: { code: 'unauthorized', detail: 'ended' } })
        },
      )
      await page.getByLabel('Colours').selectOption('viridis')
      await page.waitForResponse((tile) => tile.url().includes('/tiles/') && tile.status() === 200)
      await page.locator('.map-note').waitFor({ state: 'hidden' })
    },
    { allowed: /401/ },
  )

  test('follows the system from light to dark', '?view=-70,-10,4', async ({ page }) => {
    await meanShown(page)
    await mapAtRest(page)
    const { x, y } = await boxOf(page, '#map')
    const light = await pixelAt(page, x + 400, y + 100)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForTimeout(500)
    await mapAtRest(page)
    const dark = await pixelAt(page, x + 400, y + 100)
    assert.ok(Math.min(...light) > 200 && Math.max(...dark) < 80, [...light, ...dark].join(' '))
  })

  test(
    'draws what is looked at, after the browser took its WebGL for a while',
    '?opacity=100',
    async ({ page }) => {
      await meanShown(page)
      await mapAtRest(page)
      const { x, y, width, height } = await boxOf(page, '#map')
      const place = [x + width / 2, y + height / 2] as const
      const before = await pixelAt(page, ...place)
      await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('#map canvas')
        const loss = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')
        Object.assign(globalThis, { restore: () => loss?.restoreContext() })
        loss?.loseContext()
      })
      await page.getByLabel('Colours').selectOption('magma')
      await page.locator('.legend svg[aria-label="colour ramp magma"]').waitFor()
      await page.evaluate(() => Reflect.get(globalThis, 'restore')())
      await page.waitForResponse((response) => response.url().includes('colormap_name=magma'))
      await mapAtRest(page)
      assert.notDeepEqual(await pixelAt(page, ...place), before)
    },
  )
})

describe('an item that does not answer', () => {
  test(
    'is told, with ways on',
    '?item=http%3A%2F%2F127.0.0.1%3A9%2Fitem.json',
    async ({ page }) => {
      await page.locator('[data-code=item_unreachable]').waitFor()
      await page.getByRole('button', { name: 'Open the sample' }).click()
      assert.match(await meanShown(page), /^0\.2789/)
    },
    { allowed: /502/ },
  )
})

describe('the value under the pointer', () => {
  test('is that of the pixel', '', async ({ page }) => {
    await meanShown(page)
    await mapAtRest(page)
    const told = await pointAtTheMiddle(page)
    const [, shown = '', lat = '', lon = ''] =
      /^(\D?\d\.\d{4})(-?[\d.]+), (-?[\d.]+)$/.exec(told) ?? []
    const query = new URLSearchParams({ item: JSON.stringify(await sampleItem()), lon, lat })
    const answer = await fetch(`${system.base}point?${query}`)
    const { value } = JSON.parse(await answer.text())
    assert.equal(shown.replace('−', '-'), Number(value).toFixed(4))
    // Another picture has another value there: none is told before the pointer moves.
    await page.getByLabel('Reflectance').evaluate((control) => {
      Reflect.set(control, 'value', 'none')
      control.dispatchEvent(new Event('change'))
    })
    await page.locator('.hover').waitFor({ state: 'hidden' })
  })
})

describe('by the keyboard alone', () => {
  test('every tab is reached, and a scene is searched', '?cloud=100', async ({ page }) => {
    await meanShown(page)
    await page.locator('#tab-look').focus()
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-find')
    for (let turn = 0; turn < 20; turn++) {
      await page.keyboard.press('Tab')
      const name = await page.evaluate(() => document.activeElement?.textContent)
      if (name === 'Find scenes') break
    }
    await page.keyboard.press('Enter')
    await page.locator('.hit').first().waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.match(await meanShown(page), /^0\.2789/)
    assert.equal(
      await page.title(),
      'Look · 2023-07-23 LC09_L2SP_231062_20230723_20230802_02_T1 · Greenprint',
    )
  })

  test('the map tells the value in its middle', '', async ({ page }) => {
    await meanShown(page)
    await mapAtRest(page)
    await page.locator('#map canvas').focus()
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/view=/)
    await mapAtRest(page)
    await page.keyboard.press('Enter')
    const label = page.locator('.hover')
    await label.waitFor()
    const [longitude = '', latitude = ''] =
      new URL(page.url()).searchParams.get('view')?.split(',') ?? []
    const told = (await label.textContent()) ?? ''
    assert.match(told, /^−?0\.\d{4}/)
    assert.ok(
      told.endsWith(`${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`),
      told,
    )
  })
})

describe('on a phone', () => {
  test(
    'nothing is wider than the smallest window',
    '',
    async ({ page }) => {
      await meanShown(page)
      for (const tab of ['find', 'look', 'time', 'believe', 'results']) {
        await page.locator(`#tab-${tab}`).click()
        const wide = await page.locator('#panel').evaluate(({ scrollWidth }) => scrollWidth)
        assert.equal(wide, 320, tab)
      }
    },
    { look: { width: 320, height: 640 }, allowed: /404/ },
  )

  test(
    'on its side, the panel stands beside the map',
    '',
    async ({ page }) => {
      await meanShown(page)
      const [map, panel] = [await boxOf(page, '#map'), await boxOf(page, '#panel')]
      assert.equal(map.height, 390)
      assert.equal(panel.height, 390)
      assert.ok(map.width > 400, `${map.width}`)
    },
    { look: { width: 844, height: 390 } },
  )

  test(
    'the sheet has three heights',
    '',
    async ({ page }) => {
      await meanShown(page)
      const heights: number[] = []
      for (let turn = 0; turn < 3; turn++) {
        heights.push(Math.round((await boxOf(page, '#panel')).height))
        await page.getByRole('button', { name: 'Height of the panel' }).click()
      }
      assert.equal(new Set(heights).size, 3)
    },
    { look: { width: 390, height: 844 } },
  )
})

describe('faults', () => {
  test(
    'a system that does not answer is told, with a way on',
    '',
    async ({ page }) => {
      await meanShown(page)
      await page.context().setOffline(true)
      await page.getByLabel('Set aside').selectOption('clouds')
      await page.locator('[data-code=offline]').waitFor()
      assert.match(await meanShown(page), /^0\.2789/)
      await page.getByLabel('Set aside').selectOption('')
      await page.locator('[data-code=offline]').waitFor()
      // Nobody has to ask again.
      await page.context().setOffline(false)
      await page.locator('[data-code=offline]').waitFor({ state: 'detached' })
      await page.locator('.waiting').waitFor({ state: 'detached' })
    },
    { allowed: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ },
  )

  it('a browser without JavaScript is told so', async (t) => {
    if (skipBecause(t, noBrowser)) return
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(system.base)
    const words = await page.locator('noscript').boundingBox()
    assert.ok(words !== null && words.y >= 0 && words.y + words.height < 200)
    await context.close()
  })

  test('a browser that keeps nothing for the page has all of it', '', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'sessionStorage', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        },
      })
    })
    await page.goto(`${system.base}?tab=believe`)
    await page.getByRole('button', { name: 'Recompute' }).click()
    await page.getByText('Equal: the same root').waitFor()
  })

  test(
    'a browser without WebGL keeps everything but the map',
    '',
    async ({ page }) => {
      await page.addInitScript(() => {
        HTMLCanvasElement.prototype.getContext = () => null
      })
      await page.reload()
      await page.getByText(/needs WebGL/).waitFor()
      assert.match(await meanShown(page), /^0\.2789/)
    },
    { allowed: /./ },
  )
})

describe('everybody can use it', () => {
  for (const scheme of ['light', 'dark'] as const) {
    for (const tab of ['find', 'look', 'time', 'believe', 'results']) {
      test(
        `${tab}, ${scheme}`,
        `?tab=${tab}`,
        async ({ page }) => {
          await page.locator('#mean').waitFor({ state: 'attached' })
          assert.deepEqual(await seriousFaults(page), [])
        },
        { look: { scheme }, allowed: /404/ },
      )
    }
  }
})

/** By axe-core, run apart from the page's own policy. */
async function seriousFaults(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: await readFile(axe, 'utf8') })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ exclude: ['.maplibregl-canvas-container'] }).then(({ violations }) =>
      violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
    awaitPromise: true,
    returnByValue: true,
  })
  assert.ok(Array.isArray(result.value), JSON.stringify(result))
  return result.value.map(String)
}

describe('/docs', () => {
  test('lists every operation, and an example runs', 'docs', async ({ page }) => {
    const article = page.locator('#getHealth')
    await article.waitFor()
    await article.getByText('Try it').click()
    await article.getByRole('button', { name: 'Send' }).click()
    await article.getByText(/"status": "ok"/).waitFor()
  })
})
