// `latchkey login` and `logout`: the sign-in happens in the browser (RFC 8628), so passwords and second factors stay there.
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import { accountApi, sendWithSession } from '../account-api.ts'
import { addCommand, addServerOptions, type Context, contextOf } from '../command.ts'
import { CliError, exitCodes } from '../exit.ts'
import { openBrowser } from '../open-browser.ts'
import { findSession, forgetSession, keepSession } from '../session-file.ts'
import { userAgent } from '../version.ts'

export function addLoginCommands(program: Command): void {
  addServerOptions(addCommand(program, 'login', 'sign in through the browser, as a member of an account'))
    .option('--no-browser', 'only print the address')
    .action((flags: { browser: boolean }, command: Command) => login(contextOf(command), flags.browser))
  addServerOptions(addCommand(program, 'logout', 'end the session of latchkey login')).action(
    (_flags: object, command: Command) => logout(contextOf(command)),
  )
}

async function login({ terminal, settings }: Context, mayOpen: boolean): Promise<void> {
  const { url } = settings()
  const api = accountApi(url, (address, init) =>
    fetch(address, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), origin: url } }),
  )
  const { body: asked } = await api.call('post', '/account/device-sign-ins', {
    body: { clientId: 'latchkey-cli' },
  })
  terminal.note(
    `Open ${asked.verificationUri} in your browser, and enter this code:\n\n    ${terminal.strong(asked.userCode)}\n`,
  )
  terminal.note('Approve only what you began yourself. The code works for 10 minutes.')
  if (mayOpen && terminal.mayAsk) openBrowser(asked.verificationUri)
  const cookie = await poll(url, asked)
  const { body: session } = await accountApi(url, sendWithSession(url, cookie)).call(
    'get',
    '/account/session',
  )
  const { person, account } = session
  const before = findSession(url)
  keepSession(url, { cookie, email: person.email })
  // Nobody has a use for the one that this takes the place of.
  if (before) await endSession(url, before.cookie)
  if (terminal.isJson) return terminal.printJson({ url, email: person.email, account: account.id })
  terminal.print(`Signed in at ${url} as ${person.email}, account ${account.name}.`)
}

interface Asked {
  deviceCode: string
  expiresInSeconds: number
  intervalSeconds: number
}

/** Asks whether the member has approved, as seldom as the server wants (RFC 8628 §3.5). @returns the cookie. */
async function poll(url: string, asked: Asked): Promise<string> {
  const endsAt = Date.now() + asked.expiresInSeconds * 1000
  let { intervalSeconds } = asked
  while (Date.now() < endsAt) {
    await wait(intervalSeconds * 1000)
    const answer = await fetch(`${url}/account/device-sign-ins/complete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, origin: url },
      body: JSON.stringify({ deviceCode: asked.deviceCode }),
      redirect: 'error',
    }).catch(() => undefined)
    // RFC 8628 §3.5: after a network failure or an overloaded server one asks more seldom.
    if (!answer || answer.status === 429 || answer.status >= 500) {
      intervalSeconds = Math.min(60, intervalSeconds * 2)
      continue
    }
    const body: { state?: string } = await answer.json().catch(() => ({}))
    if (body.state === 'signed_in') return cookieOf(answer)
    if (body.state === 'slow_down') intervalSeconds += 5
    else if (body.state === 'access_denied')
      throw new CliError(exitCodes.authorisation, 'The sign-in was refused in the browser.')
    else if (body.state !== 'authorization_pending') break
  }
  throw new CliError(exitCodes.authentication, 'The code has expired. Run latchkey login again.')
}

function cookieOf(answer: Response): string {
  const [session] = answer.headers
    .getSetCookie()
    .filter((cookie) => /latchkey\.session_token=[^;]/.test(cookie))
  const pair = session?.slice(0, session.indexOf(';'))
  if (!pair) throw new CliError(exitCodes.server, 'The server signed you in, but sent no session.')
  return pair
}

async function logout({ terminal, settings }: Context): Promise<void> {
  const { url } = settings()
  const session = findSession(url)
  if (!session) {
    if (terminal.isJson) return terminal.printJson({ signedOut: false })
    return terminal.print(`You are not signed in at ${url}.`)
  }
  // Forgotten here whatever the server says: it may be away, or the session may have ended.
  forgetSession(url)
  const ended = await endSession(url, session.cookie)
  if (!ended)
    throw new CliError(
      exitCodes.server,
      `The session is forgotten here, but ${url} did not end it. End it under Account, Settings, Sessions.`,
    )
  if (terminal.isJson) return terminal.printJson({ signedOut: true })
  terminal.print(`Signed out of ${url}.`)
}

/** @returns whether the server has ended it. */
function endSession(url: string, cookie: string): Promise<boolean> {
  return fetch(`${url}/account/sign-out`, {
    method: 'POST',
    headers: { cookie, origin: url, 'user-agent': userAgent },
    redirect: 'error',
  }).then(
    (answer) => answer.ok,
    () => false,
  )
}
