// The page as a deployment serves it: large files come from its bucket, and a token is sent nowhere else.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { skipBecause } from '../harness/requires.ts'
import {
  type Deployment,
  noBrowser,
  startBrowser,
  startDeployment,
  type Visit,
  violations,
  visit,
} from './browser.ts'

let browser: Browser
let deployment: Deployment

before(async () => {
  if (noBrowser !== null) return
  deployment = await startDeployment()
  const { base, port } = deployment
  const { hostname, origin } = new URL(base)
  browser = await startBrowser([
    `--host-resolver-rules=MAP ${hostname} 127.0.0.1:${port}`,
    // A deployment has TLS.
    `--unsafely-treat-insecure-origin-as-secure=${origin}`,
  ])
})
after(async () => {
  await browser?.close()
  deployment?.close()
})

function test(name: string, path: string, run: (seen: Visit) => Promise<void>): void {
  it(name, async (t) => {
    if (skipBecause(t, noBrowser)) return
    const seen = await visit(browser, `${deployment.base}${path}`)
    try {
      await run(seen)
    } finally {
      await seen.close()
    }
  })
}

/** What a script of the page gets from an address: the bytes and where they came from, or why not. */
async function fetched(page: Page, address: string): Promise<{ from: string; size: number }> {
  return page.evaluate(async (asked) => {
    try {
      const response = await fetch(asked)
      return { from: new URL(response.url).origin, size: (await response.arrayBuffer()).byteLength }
    } catch (error) {
      return { from: String(error), size: 0 }
    }
  }, address)
}

describe('a file that no reply carries', () => {
  test('is read by the page from the bucket, and nothing from elsewhere', '', async (seen) => {
    const { page } = seen
    const { large, store, stranger } = deployment
    await page.locator('#mean').waitFor()
    const answers: number[] = []
    page.on('response', (response) => {
      if (new URL(response.url()).pathname === large.path) answers.push(response.status())
    })
    assert.deepEqual(await fetched(page, large.path), { from: store, size: large.size })
    assert.deepEqual(answers, [307])
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(seen.complaints, [])
    assert.match((await fetched(page, stranger)).from, /^TypeError/)
    assert.deepEqual(await violations(page), [`connect-src ${stranger}`])
  })
})

/** Opens the scene of plain copies by pasting its item. */
async function paste(page: Page): Promise<void> {
  await page.locator('#mean').waitFor({ state: 'attached' })
  await page.locator('#tab-find').click()
  await page.locator('details.paste summary').click()
  await page.locator('textarea[name=item]').fill(JSON.stringify(deployment.item))
  await page.getByRole('button', { name: 'Open', exact: true }).click()
}

describe('a token', () => {
  test('is asked for where one is needed, and goes to this origin alone', '', async (seen) => {
    const { page, complaints } = seen
    const { base, token } = deployment
    const sent: { url: string; authorization: string | undefined }[] = []
    page.on('request', (request) => {
      sent.push({ url: request.url(), authorization: request.headers()['authorization'] })
    })
    await page.getByRole('button', { name: 'Token', exact: true }).waitFor()
    await paste(page)
    const problem = page.locator('.problem[data-code=fingerprint_needed]')
    await problem.getByText(/"red", "nir08".*token/).waitFor()
    assert.ok(sent.every(({ authorization }) => authorization === undefined))
    await problem.getByRole('button', { name: 'Enter a token' }).click()
    const input = page.getByLabel('Token', { exact: true })
    const use = page.getByRole('button', { name: 'Use it' })
    await input.fill('“a token of a letter”')
    await use.click()
    const words = await input.evaluate((element) => Reflect.get(element, 'validationMessage'))
    assert.match(String(words), /ASCII/)
    // As it stands in a header that was copied.
    await input.fill(`Bearer ${token}`)
    await use.click()
    await page.locator('.numbers').getByText('checked against its fingerprint').first().waitFor()
    await page.getByRole('button', { name: 'Token ✓' }).waitFor()

    const withToken = sent.filter(({ authorization }) => authorization !== undefined)
    assert.ok(withToken.some(({ url }) => new URL(url).pathname === '/ndvi'))
    assert.ok(withToken.some(({ url }) => new URL(url).pathname.startsWith('/jobs/')))
    for (const { url, authorization } of withToken) {
      assert.equal(authorization, `Bearer ${token}`)
      assert.ok(url.startsWith(base), url)
    }
    assert.ok(sent.every(({ url }) => !url.includes(token)))
    assert.ok(!page.url().includes(token))
    const code = page.locator('details.code code')
    for (const [language, words] of [
      ['curl', '-H "authorization: Bearer $GREENPRINT_TOKEN"'],
      ['Python', 'os.environ["GREENPRINT_TOKEN"]'],
      ['JavaScript', 'authorization: `Bearer ${token}`'],
    ] as const) {
      await page.locator(`input[value=${language}]`).dispatchEvent('click')
      assert.ok((await code.textContent())?.includes(words), language)
    }
    const kept = await page.evaluate(() => [
      JSON.stringify(sessionStorage),
      JSON.stringify(localStorage) + document.cookie + document.documentElement.outerHTML,
    ])
    assert.deepEqual(
      kept.map((text) => text.includes(token)),
      [true, false],
    )
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(
      complaints.filter((line) => !line.includes('403')),
      [],
    )
  })

  test(
    'that is none here is told, and another can be entered',
    '?tab=believe',
    async ({ page }) => {
      await page.locator('#mean').waitFor({ state: 'attached' })
      await page.getByRole('button', { name: 'Token', exact: true }).click()
      await page.getByLabel('Token', { exact: true }).fill('token-of-nobody-000000')
      await page.getByRole('button', { name: 'Use it' }).click()
      await paste(page)
      const problem = page.locator('.problem[data-code=unauthorized]')
      await problem.getByRole('button', { name: 'Enter a token' }).click()
      await page.getByRole('button', { name: 'Forget it' }).click()
      await problem.waitFor({ state: 'detached' })
      assert.equal(await page.evaluate(() => sessionStorage.getItem('greenprint-token')), null)
    },
  )
})
