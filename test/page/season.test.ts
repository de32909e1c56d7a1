// The page over a year of scenes: a series and its chart, two dates beside each other, a scene without CIDs.
// Long: one year, one system; a test each.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { boxGeometry } from '../../lib/geo/antimeridian.ts'
import { skipBecause } from '../harness/requires.ts'
import {
  type LocalSystem,
  noBrowser,
  pixelAt,
  type SeasonServer,
  startBrowser,
  startLocal,
  startSeason,
  violations,
  visit,
} from './browser.ts'

let browser: Browser
let season: SeasonServer
let system: LocalSystem

before(async () => {
  if (noBrowser !== null) return
  season = await startSeason()
  browser = await startBrowser()
  system = await startLocal({ IPFS_GATEWAYS: season.gateway, PORT: '28180' })
})
after(async () => {
  await browser?.close()
  await system?.close()
  season?.close()
})

function test(
  name: string,
  path: () => string,
  run: (page: Page) => Promise<void>,
  allowed = /404/,
): void {
  it(name, async (t) => {
    if (skipBecause(t, noBrowser)) return
    const { page, complaints, close } = await visit(browser, `${system.base}${path()}`)
    try {
      await run(page)
      assert.deepEqual(await violations(page), [])
      assert.deepEqual(
        complaints.filter((line) => !allowed.test(line)),
        [],
      )
    } finally {
      await close()
    }
  })
}

/** Inside of every scene of the season. */
const AREA = '15.005,48.70,15.055,48.73'
const query = (fields: Readonly<Record<string, string>>) =>
  `?${new URLSearchParams({ api: season.api, collection: 'landsat-c2l2-sr', cloud: '100', area: AREA, ...fields })}`

/** A field of 1 km. */
function fieldAt(west: number, south: number) {
  return boxGeometry([west, south, west + 0.012, south + 0.01])
}

async function post<Reply>(path: string, body: unknown): Promise<Reply> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return JSON.parse(await (await fetch(`${system.base}${path}`, init)).text())
}

/** Waits for a series to its end. */
async function ended(id: string): Promise<void> {
  for (;;) {
    const reply = await (await fetch(`${system.base}series/${id}`)).text()
    if (reply.includes('"status":"successful"')) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function rowsOf({ rows }: { rows: { mean: number | null }[] }): { mean: number | null }[] {
  return rows
}

async function meanShown(page: Page): Promise<number> {
  await page.locator('#mean').waitFor()
  return Number((await page.locator('#mean').textContent())?.replace('−', '-').split(' ')[0])
}

/** Of the search that the address holds. */
async function showFirstHit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Find scenes' }).click()
  await page.locator('.hit').first().click()
  await meanShown(page)
}

async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('#map')?.getAttribute('data-idle') === 'yes',
  )
}

describe('over time', () => {
  test(
    'the series of the area has its chart, rows and CSV; a point opens its scene',
    () => query({ tab: 'time', from: '2023-01-01', to: '2023-12-31' }),
    async (page) => {
      await page.getByRole('button', { name: 'Make the series' }).click()
      await page.waitForFunction(
        () => document.querySelectorAll('table.rows tbody tr').length >= 12,
      )
      await page.locator('#panel progress[max]').waitFor({ state: 'hidden' })
      await page.locator('.chart .dot').first().waitFor()
      const rows = await page.locator('table.rows tbody tr').count()
      assert.ok(rows >= 12, `${rows} rows`)
      const months = await page.locator('table.rows tbody tr').allTextContents()
      assert.ok(
        months.every((row) => !row.startsWith('2023-07')),
        'the month without scenes',
      )
      const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
      const csv = await (await fetch(`${system.base}${href}`)).text()
      assert.equal(csv.trim().split(/\r\n/).length - 1, rows)
      await page.waitForURL(/series=/)
      const again = await visit(browser, page.url())
      await again.page.locator('.chart .dot').first().waitFor()
      await again.close()
      await page.locator('.chart .dot').nth(2).click()
      assert.ok(Number.isFinite(await meanShown(page)))
    },
  )

  test(
    'a point opens its own scene, also behind one that could not be read',
    () => query({ tab: 'time', from: '2023-01-01', to: '2023-12-31' }),
    async (page) => {
      const row = (scene: string, more: object) => ({
        date: scene,
        scenes: [scene],
        zone: 'area',
        mean: 0.5,
        p25: 0.4,
        p75: 0.6,
        valid_percent: 90,
        trust: 'cid',
        ...more,
      })
      const problem = { status: 502, code: 'source_unavailable', detail: 'gone' }
      const series = {
        id: 'x',
        status: 'successful',
        progress: { done: 3, failed: 1, total: 3 },
        request: { search: { ids: ['all'] }, mask: ['clouds'], min_valid: 50 },
        zones: [{ id: 'area' }],
        rows: [
          row('2023-01-01', { mean: null, problem }),
          row('2023-02-01', {}),
          row('2023-03-01', {}),
        ],
      }
      // One that failed is one that has ended: another is waited for.
      const before = {
        ...series,
        status: 'running',
        progress: { done: 2, failed: 1, total: 3 },
        rows: series.rows.slice(0, 2),
      }
      let looks = 0
      await page.route(
        ({ pathname }) => pathname.startsWith('/series'),
        (route) => {
          if (route.request().method() === 'GET') looks++
          return route.fulfill({ json: looks > 1 ? series : before })
        },
      )
      // What it opens is not there.
      await page.route(
        ({ pathname }) => pathname === '/ndvi',
        (route) => route.fulfill({ status: 404, json: problem }),
      )
      await page.getByRole('button', { name: 'Make the series' }).click()
      await page.locator('.chart .dot').nth(1).waitFor()
      await page.locator('table.rows td.why', { hasText: 'gone' }).waitFor()
      // The dots are one stop of the Tab key.
      const dots = page.locator('.chart .dot')
      assert.equal(await page.locator('.chart .dot[tabindex="0"]').count(), 1)
      await dots.nth(1).press('ArrowLeft')
      assert.equal(await dots.first().getAttribute('tabindex'), '0')
      await page.locator('.chart .dot:focus').press(' ')
      await page.waitForURL(/2023-02-01/)
      const opened = new URL(page.url()).searchParams
      assert.deepEqual(JSON.parse(opened.get('item') ?? ''), { search: { ids: ['2023-02-01'] } })
      assert.equal(opened.get('mask'), 'clouds')
    },
  )

  test(
    'of several zones, one is shown with its own rows, and the others can be chosen',
    () => '?tab=time',
    async (page) => {
      const zone = (name: string, west: number) => ({
        type: 'Feature',
        id: name,
        properties: {},
        geometry: fieldAt(west, 48.7),
      })
      const features = [zone('west & first', 15.005), zone('east', 15.04)]
      const body = {
        search: {
          api: season.api,
          collections: ['landsat-c2l2-sr'],
          datetime: '2023-04-01/2023-06-30',
        },
        features: { type: 'FeatureCollection', features },
        min_valid: 0,
      }
      const { id } = await post<{ id: string }>('series', body)
      await ended(id)
      await page.goto(`${system.base}?tab=time&series=${id}`)
      const zones = page.getByLabel('Zone, of 2')
      const means = new Set<string>()
      for (const { id: name } of features.toReversed()) {
        await zones.selectOption(name)
        await page.waitForURL((url) => url.searchParams.get('zone') === name)
        const query = new URLSearchParams({ zone: name })
        const told = await (await fetch(`${system.base}series/${id}?${query}`)).json().then(rowsOf)
        const expected = told.map(({ mean }) => mean?.toFixed(4) ?? '–').join(' ')
        await page.waitForFunction(
          (words) =>
            [...document.querySelectorAll('table.rows tbody td:first-of-type')]
              .map(({ textContent }) => textContent)
              .join(' ') === words,
          expected,
        )
        assert.equal(
          await page.locator('.chart .dot').count(),
          told.filter(({ mean }) => mean !== null).length,
        )
        means.add(expected)
      }
      assert.equal(means.size, 2)
      await page.goBack()
      await page.waitForURL((url) => url.searchParams.get('zone') === 'east')
      await page.waitForFunction(
        () => document.querySelector<HTMLSelectElement>('select[name=zone]')?.value === 'east',
      )
    },
  )

  test(
    'a network that was gone for a while ends nothing, and the same series is followed on',
    () => query({ tab: 'time', from: '2023-01-01', to: '2023-02-28' }),
    async (page) => {
      await page.getByRole('button', { name: 'Make the series' }).click()
      await page.waitForURL(/series=/)
      await page.locator('.chart, table.rows').first().waitFor()
      const id = new URL(page.url()).searchParams.get('series')
      let looks = 0
      let isGone = true
      const asked: string[] = []
      await page.route(
        ({ pathname }) => pathname.startsWith('/series'),
        async (route) => {
          asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`)
          if (isGone && looks > 0) return route.fulfill({ status: 503, body: 'busy' })
          const reply = await (await route.fetch()).text()
          const body = looks++ === 0 ? reply.replace('"successful"', '"running"') : reply
          return route.fulfill({ body })
        },
      )
      await page.reload()
      await page.locator('#panel-time .problem').waitFor()
      assert.ok((await page.locator('table.rows tbody tr').count()) > 0)
      isGone = false
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.locator('#panel-time .problem').waitFor({ state: 'detached' })
      await page.locator('#panel progress[max]').waitFor({ state: 'hidden' })
      assert.deepEqual([...new Set(asked)], [`GET /series/${id}`])
    },
    /503/,
  )

  test(
    'asks for an area first',
    () => '?tab=time',
    async (page) => {
      await page.getByRole('button', { name: 'Make the series' }).click()
      await page.getByText(/Draw the area first/).waitFor()
    },
  )
})

describe('two dates', () => {
  test(
    'lie on either side of a line that can be moved',
    () => query({ tab: 'find', from: '2023-01-01', to: '2023-06-30' }),
    async (page) => {
      await page.getByRole('button', { name: 'Find scenes' }).click()
      const winter = page.locator('li', { hasText: '2023-01-01' })
      await winter.locator('.hit').click()
      await page.locator('.scene .name', { hasText: '20230101' }).waitFor()
      await page.locator('#tab-find').click()
      await page.locator('li', { hasText: '2023-06-1' }).locator('.beside').click()
      await page.getByText('Beside it:').waitFor()
      await page
        .locator('.swipe-frame .date')
        .nth(1)
        .getByText(/2023-06-1/)
        .waitFor()
      await page.locator('.swipe-map canvas').waitFor()
      await atRest(page)
      const map = await page.locator('#map').boundingBox()
      assert.ok(map !== null)
      const middle = map.y + map.height / 2 + 40
      const place = [map.x + map.width * 0.62, middle] as const
      const line = page.getByLabel('Border between the two dates')
      const seen: string[] = []
      for (const cut of ['10', '90']) {
        await line.fill(cut)
        await page.waitForTimeout(1500)
        seen.push((await pixelAt(page, ...place)).join(' '))
      }
      assert.notEqual(seen[0], seen[1])
      // The value is that of the picture under the pointer.
      const labels: string[] = []
      for (const cut of ['10', '90']) {
        await line.fill(cut)
        await page.mouse.move(...place, { steps: 2 })
        const asked = page.waitForRequest((request) => request.url().includes('/point?'))
        await page.mouse.move(place[0] + 3, place[1])
        labels.push(new URL((await asked).url()).searchParams.get('root') ?? '')
      }
      assert.equal(new Set(labels).size, 2)
      await page.getByRole('button', { name: 'End the swipe' }).click()
      await page.locator('.swipe-frame').waitFor({ state: 'hidden' })
    },
  )

  test(
    'give way to a third one that is picked',
    () => query({ tab: 'find', from: '2023-01-01', to: '2023-06-30' }),
    async (page) => {
      await showFirstHit(page)
      await page.locator('#tab-find').click()
      await page.locator('.beside').nth(1).click()
      await page.getByText('Beside it:').waitFor()
      await page.locator('#tab-find').click()
      const third = page.locator('.hit').nth(2)
      const id = (await third.getAttribute('data-id')) ?? ''
      await third.click()
      await page.locator('.scene .name', { hasText: id }).waitFor()
      await page.locator('.swipe-frame').waitFor({ state: 'hidden' })
    },
  )
})

describe('a scene without CIDs', () => {
  test(
    'is shown as one, is not verified, and is once it has its fingerprint',
    () => query({ tab: 'find', from: '2022-01-01', to: '2022-12-31', trust: 'transport' }),
    async (page) => {
      await page.getByRole('button', { name: 'Find scenes' }).click()
      const hit = page.locator('.hit').first()
      assert.match((await hit.textContent()) ?? '', /plain copy/)
      await hit.click()
      await page.locator('.numbers').getByText('not verified').first().waitFor()
      const mean = await meanShown(page)
      await page.locator('#tab-believe').click()
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
      await page.locator('#verdict').getByText('red: no fingerprint of the file is known').waitFor()
      await page.getByRole('button', { name: 'Make its fingerprint' }).click()
      await page.locator('[data-band=red]').getByText('checked against its fingerprint').waitFor()
      await page.locator('#tab-look').click()
      assert.equal(await meanShown(page), mean)
    },
  )
})

describe('drawing', () => {
  test(
    'a box by dragging counts inside of it, a field by its corners',
    () => '',
    async (page) => {
      await meanShown(page)
      await atRest(page)
      const map = await page.locator('#map').boundingBox()
      assert.ok(map !== null)
      const at = (x: number, y: number) => [map.x + map.width * x, map.y + map.height * y] as const
      const look = page.getByRole('tabpanel', { name: 'Look' })
      await look.locator('.area').getByRole('button', { name: 'Draw a box' }).click()
      await page.mouse.move(...at(0.4, 0.4))
      await page.mouse.down()
      await page.mouse.move(...at(0.6, 0.6), { steps: 5 })
      await page.mouse.up()
      await page.waitForURL(/area=-59/)
      // Let go beside the map, a box ends at its edge.
      const [west] = new URL(page.url()).searchParams.get('area')?.split(',') ?? []
      await look.locator('.area').getByRole('button', { name: 'Draw a box' }).click()
      await page.mouse.move(...at(0.6, 0.6))
      await page.mouse.down()
      await page.mouse.move(...at(0.01, 0.4), { steps: 3 })
      await page.mouse.move(map.x - 40, map.y + map.height * 0.4)
      await page.mouse.up()
      await page.waitForURL((url) => !url.href.includes(`area=${west}`))
      await page.waitForFunction(
        () => document.querySelector('#mean')?.textContent?.startsWith('0.2789') === false,
      )
      await look.locator('.area').getByRole('button', { name: 'Draw a field' }).click()
      for (const [x, y] of [
        [0.3, 0.3],
        [0.7, 0.35],
        [0.5, 0.7],
      ] as const)
        await page.mouse.click(...at(x, y))
      await page.getByText('A corner a click').waitFor()
      await page.getByRole('button', { name: 'Close it' }).click()
      await page.locator('.draw-help').waitFor({ state: 'hidden' })
      await page.waitForURL(/Polygon/)
      await page.locator('.waiting').waitFor({ state: 'detached' })
      assert.ok(Number.isFinite(await meanShown(page)))
    },
  )
})

describe('results', () => {
  test(
    'are listed once something was made',
    () => '?tab=results',
    async (page) => {
      const result = page.locator('.hit.result', { hasText: 'mean 0.2789' }).first()
      await result.waitFor()
      await result.click()
      // The numbers are of what is looked at: the picture has its colours alone.
      await page.locator('.legend', { hasText: /^NDVI−11$/ }).waitFor()
      await atRest(page)
    },
  )

  test(
    'are those of changes, too, in their own colours; one that cannot be shown is told',
    () => '?tab=results',
    async (page) => {
      const search = (datetime: string) => ({
        search: { api: season.api, collections: ['landsat-c2l2-sr'], datetime },
      })
      const { root, statistics } = await post<{
        root: { cid: string }
        statistics: { difference: { mean: number } }
      }>('change', {
        before: search('2023-05-01/2023-05-20'),
        after: search('2023-10-01/2023-10-31'),
        bbox: AREA.split(',').map(Number),
      })
      await page.reload()
      const mean = statistics.difference.mean.toFixed(4).replace('-', '−')
      const result = page.locator('.hit.result', { hasText: `mean change ${mean}` })
      await result.getByText('2023-05-01 to 2023-10-22').waitFor()
      const tiles = page.waitForRequest((request) => request.url().includes(`?root=${root.cid}`))
      await result.click()
      const { searchParams } = new URL((await tiles).url())
      assert.deepEqual(
        ['colormap_name', 'rescale'].map((name) => searchParams.get(name)),
        ['rdbu', '-0.5,0.5'],
      )
      await page.locator('.legend', { hasText: 'change of NDVI−0.50.5' }).waitFor()
      const problem = { status: 404, code: 'not_found', detail: 'It is not kept any more.' }
      await page.route(
        ({ pathname }) => pathname === '/tilejson.json',
        (route) => route.fulfill({ status: 404, json: problem }),
      )
      await result.click()
      await page.locator('#panel-results .problem[data-code=not_found]').waitFor()
    },
  )

  test(
    'give way to what is looked at before their first frame',
    () => '?tab=results',
    async (page) => {
      const result = page.locator('.hit.result', { hasText: 'mean 0.2789' }).first()
      await result.waitFor()
      await page.locator('.legend').waitFor()
      await atRest(page)
      await page.evaluate(() => {
        const held: FrameRequestCallback[] = []
        const { requestAnimationFrame } = globalThis
        Object.assign(globalThis, {
          requestAnimationFrame: (callback: FrameRequestCallback) => held.push(callback),
          goOn() {
            Object.assign(globalThis, { requestAnimationFrame })
            for (const callback of held) requestAnimationFrame(callback)
          },
        })
      })
      await result.dispatchEvent('click')
      await page.locator('.legend', { hasText: /^NDVI−11$/ }).waitFor()
      await page.locator('#tab-look').dispatchEvent('click')
      await page.evaluate(() => Reflect.get(globalThis, 'goOn')())
      await page.locator('.legend p').waitFor()
      await atRest(page)
    },
  )

  test(
    'stay on the map when the scene under them comes late',
    () => '?tab=results',
    async (page) => {
      // The address again, and its scene held back until a result was clicked.
      let release = () => {}
      const clicked = new Promise<void>((resolve) => {
        release = resolve
      })
      await page.route(
        ({ pathname }) => pathname === '/ndvi',
        async (route) => {
          await clicked
          await route.continue()
        },
      )
      await page.reload()
      const result = page.locator('.hit.result', { hasText: 'mean 0.2789' }).first()
      await result.waitFor()
      await page.waitForFunction(() => document.querySelector('#map canvas') !== null)
      const preview = page.waitForResponse((response) => response.url().includes('tilejson'))
      await result.click()
      await preview
      await atRest(page)
      release()
      await page.locator('#mean').waitFor({ state: 'attached' })
      await atRest(page)
      assert.equal(await page.locator('.legend p').count(), 0)
    },
  )
})

describe('the jobs of this tab', () => {
  test(
    'are listed with their ends, are kept by the tab, and lead to their results',
    () => query({ tab: 'find', from: '2023-05-01', to: '2023-06-30' }),
    async (page) => {
      await showFirstHit(page)
      // Its address is asked for as a job, too: it tells how far it is.
      const again = page.waitForRequest((request) => request.url().endsWith('/ndvi'))
      await page.reload()
      assert.equal((await again).headers()['prefer'], 'respond-async')
      await meanShown(page)
      await page.locator('#tab-results').click()
      // The address follows a moment later.
      await page.waitForURL(/tab=results/)
      const job = page.locator('.jobs li').first()
      await job.getByText(/^NDVI of \w+/).waitFor()
      await job.getByText('done', { exact: true }).waitFor()
      const kept = await page.evaluate(() => sessionStorage.getItem('greenprint-jobs') ?? '')
      const [{ id, ...rest }] = JSON.parse(kept)
      assert.equal(await job.locator('a').getAttribute('href'), `jobs/${id}`)

      // As a tab that was loaded again in the middle has it, and one whose job is kept nowhere any more.
      const halfway = { ...rest, status: 'running' }
      const gone = { ...halfway, id: `${id.slice(0, -4)}0000` }
      await page.evaluate(
        (text) => sessionStorage.setItem('greenprint-jobs', text),
        JSON.stringify([{ ...halfway, id }, gone]),
      )
      await page.reload()
      await page.locator(`.jobs li[data-job="${gone.id}"]`).waitFor({ state: 'detached' })
      await job.getByText('done', { exact: true }).waitFor()
      assert.equal(await page.locator('.jobs li').count(), 1)
      const tiles = page.waitForResponse((response) => response.url().includes('/tilejson.json'))
      await job.getByRole('button', { name: /^Open: NDVI of/ }).click()
      const { root } = await (await fetch(`${system.base}jobs/${id}`)).json().then(resultOf)
      assert.equal(new URL((await tiles).url()).searchParams.get('root'), root.cid)
      assert.equal((await tiles).status(), 200)
    },
  )
})

function resultOf({ result }: { result: { root: { cid: string } } }): { root: { cid: string } } {
  return result
}
