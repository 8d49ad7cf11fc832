// From a call refused with 403 to the same call answered 200, as a person mends it: by the link in the refusal.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { requestToken } from './clients.ts'
import type { Stage } from './stage.ts'

/** @param onForm called when the form is open with the scope marked. @returns how many interactions it took. */
export async function repairRefusal(stage: Stage, onForm?: (page: Page) => Promise<void>): Promise<number> {
  const { page } = await stage.signedIn({ accountId: 'acme', role: 'developer' })
  const client = await stage.world.makeClient({ scopes: ['document_read'] })
  const token = await stage.world.token(['document_read'], client)
  const refusal = await fetch(`${stage.url}/notification/events`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(refusal.status, 403)
  const problem: { fixUrl?: string } = JSON.parse(await refusal.text())

  let interactions = 1
  await page.goto(problem.fixUrl ?? '')
  const box = page.getByRole('checkbox', { name: 'event' })
  await box.waitFor()
  assert.ok(await box.isChecked())
  assert.ok(await box.evaluate((element) => element === document.activeElement))
  await onForm?.(page)
  interactions += 1
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/^Saved\./).waitFor()
  interactions += 1
  await page.getByRole('button', { name: 'Send test call' }).click()
  await page.getByText('GET /notification/events answered 200').first().waitFor()
  assert.equal(await requestToken(stage, client, 'event'), 200)
  return interactions
}
