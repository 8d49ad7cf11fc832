// A whole Latchkey with a browser in front of it, for tests named after what a person does.
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type MemberWish, makeMember, type TestMember } from '../../server/testing/member.ts'
import { createWorld, type World, type WorldOptions } from '../../server/testing/world.ts'

const executablePath = '/usr/bin/chromium'

/** Why browser tests are left out here; undefined: they run. */
export const noBrowser = existsSync(executablePath) ? undefined : 'chromium is not installed'

export interface Stage {
  world: World
  /** Where the dashboard is, without a trailing slash. */
  url: string
  browser: Browser
  /** A page of a browser of its own, signed out. Whatever its console or policy complains of fails the test at `close`. */
  newPage: (options?: PageOptions) => Promise<Page>
  /** A page of a member who is signed in. */
  signedIn: (wish?: MemberWish, options?: PageOptions) => Promise<{ page: Page; member: TestMember }>
  /** Complaints that a test expects, e.g. of a request that it makes fail. */
  expectComplaint: (pattern: RegExp) => void
  close: () => Promise<void>
}

export interface PageOptions {
  colorScheme?: 'light' | 'dark'
  width?: number
  height?: number
  /** 2: as with a zoom of 200 %. */
  zoom?: number
}

export async function openStage(options: WorldOptions = {}): Promise<Stage> {
  const world = await createWorld({ realTime: true, ...options })
  const url = await world.listen()
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  const complaints: string[] = []
  // Asking who is signed in is answered 401 when nobody is: no fault.
  const expected: RegExp[] = [/account\/session/]
  const contexts: BrowserContext[] = []

  async function newPage({ colorScheme = 'light', width = 1280, height = 800, zoom = 1 }: PageOptions = {}) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
      deviceScaleFactor: zoom,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    contexts.push(context)
    // A machine with two cores runs two of these tests at once.
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error')
        complaints.push(`${page.url()}: ${message.text()} ${message.location().url}`)
    })
    // Nothing is asked of anybody else.
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob|about):/.test(request.url()))
        complaints.push(`${page.url()} asked ${request.url()}`)
    })
    return page
  }

  return {
    world,
    url,
    browser,
    newPage,
    async signedIn(wish = {}, pageOptions = {}) {
      const member = await makeMember(world, wish)
      const page = await newPage(pageOptions)
      const cookies = member.headers.cookie.split('; ').map((pair) => {
        const [name = '', ...value] = pair.split('=')
        return { name, value: value.join('='), url, httpOnly: true, sameSite: 'Lax' as const }
      })
      await page.context().addCookies(cookies)
      return { page, member }
    },
    expectComplaint: (pattern) => {
      expected.push(pattern)
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
      await world.close()
      const unexpected = complaints.filter(
        (complaint) => !expected.some((pattern) => pattern.test(complaint)),
      )
      if (unexpected.length > 0) throw new Error(`The browser complained:\n${unexpected.join('\n')}`)
    },
  }
}
