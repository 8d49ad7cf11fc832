// Hand-written fetch code with the rules of google-auth-library's OAuth2Client, which has no generic client
// credentials: a token is used until five minutes before it expires, one refresh runs at a time, and 401 or
// 403 cause a refresh only where no expiry is known (`forceRefreshOnFailure` is off by default).
import { readSettings, takePart } from './take-part.ts'

const { url, clientId, clientSecret, scopes } = readSettings()
const eagerRefreshMs = 5 * 60 * 1000

class TokenClient {
  #token: { value: string; expiresAtMs: number | undefined } | undefined
  #refreshing: Promise<string> | undefined

  async request(target: string, init: RequestInit, retried = false): Promise<Response> {
    const token = this.#isExpiring() ? await this.#refresh() : this.#token?.value
    const response = await fetch(target, { ...init, headers: { authorization: `Bearer ${token}` } })
    const mayHelp = this.#token?.expiresAtMs === undefined
    if (retried || !mayHelp || (response.status !== 401 && response.status !== 403)) return response
    await this.#refresh()
    return this.request(target, init, true)
  }

  #isExpiring(): boolean {
    if (!this.#token) return true
    const { expiresAtMs } = this.#token
    return expiresAtMs !== undefined && expiresAtMs <= Date.now() + eagerRefreshMs
  }

  #refresh(): Promise<string> {
    this.#refreshing ??= this.#requestToken().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #requestToken(): Promise<string> {
    const response = await fetch(`${url}/oauth/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: scopes,
      }),
    })
    if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`)
    const answer: { access_token: string; expires_in?: number } = JSON.parse(await response.text())
    const expiresAtMs = answer.expires_in === undefined ? undefined : Date.now() + answer.expires_in * 1000
    this.#token = { value: answer.access_token, expiresAtMs }
    return answer.access_token
  }
}

const client = new TokenClient()

takePart({
  call: async (target, signal) => (await client.request(target, signal ? { signal } : {})).status,
})
