// A person at a page: finds things by their names, and counts each click, field and choice.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

export interface Hand {
  fill: (label: string, text: string) => Promise<void>
  /** A button. */
  press: (name: string) => Promise<void>
  /** A link. */
  follow: (name: string) => Promise<void>
  /** One of several. */
  choose: (name: string) => Promise<void>
  tick: (name: string) => Promise<void>
  count: () => number
}

/** Few people press Tab more often than this to come somewhere. */
const mostTabs = 120

export interface HandOptions {
  /** Without a mouse: Tab goes to things, Enter and Space do them. */
  byKeyboard?: boolean
  /** How long a person takes to find each next thing. */
  paceMs?: number
}

export function createHand(page: Page, { byKeyboard = false, paceMs = 0 }: HandOptions = {}): Hand {
  let count = 0

  async function next(): Promise<void> {
    count += 1
    if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs))
  }

  async function reach(target: Locator): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; tabs < mostTabs; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    assert.fail(`Tab does not come to ${target}`)
  }

  async function act(target: Locator, key: string): Promise<void> {
    await next()
    if (!byKeyboard) return target.click()
    await reach(target)
    await page.keyboard.press(key)
  }

  const named = (role: 'button' | 'link' | 'radio' | 'checkbox', name: string) =>
    page.getByRole(role, { name, exact: role !== 'radio' && role !== 'checkbox' }).first()

  return {
    async fill(label, text) {
      await next()
      const field = page.getByLabel(label, { exact: true })
      if (!byKeyboard) return field.fill(text)
      await reach(field)
      await page.keyboard.type(text)
    },
    press: (name) => act(named('button', name), 'Enter'),
    follow: (name) => act(named('link', name), 'Enter'),
    choose: (name) => act(named('radio', name), 'Space'),
    tick: (name) => act(named('checkbox', name), 'Space'),
    count: () => count,
  }
}
