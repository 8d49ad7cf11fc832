// What the tests of API clients do again and again.
import type { Page } from 'playwright-core'
import { basic, type TestClient } from '../../server/testing/world.ts'
import type { Stage } from './stage.ts'

/** Closes the dialog of a new secret as somebody who has stored it. @returns the secret. */
export async function storeSecret(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'Store this secret now' })
  const secret = await dialog.getByLabel('Client secret').inputValue()
  await dialog.getByRole('button', { name: 'Copy secret' }).click()
  await dialog.getByRole('button', { name: 'I have stored it' }).click()
  await dialog.waitFor({ state: 'detached' })
  return secret
}

/** A token request from elsewhere, as a program of the owner makes it. @returns the status. */
export async function requestToken(stage: Stage, client: TestClient, scope: string): Promise<number> {
  const answer = await fetch(`${stage.url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  await answer.arrayBuffer()
  return answer.status
}
