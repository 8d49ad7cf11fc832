// Takes part with one fault, which its first word names. What the kit says of each is tested.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'

const fault = process.argv[2]
const {
  LATCHKEY_URL: url = '',
  LATCHKEY_CLIENT_ID: id = '',
  LATCHKEY_CLIENT_SECRET: secret = '',
} = process.env
const say = (line: string) => process.stdout.write(`${line}\n`)
let held: Promise<string> | undefined

class WrappedError extends Error {
  readonly configuration = { client: { id, secret } }
}

async function requestToken(): Promise<string> {
  const body = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  const basic = Buffer.from(`${id}:${secret}`).toString('base64')
  const inBody = fault === 'sends the secret in the body'
  const response = await fetch(`${url}/oauth/connect/token`, {
    method: 'POST',
    headers: inBody ? {} : { authorization: `Basic ${basic}` },
    body: new URLSearchParams(inBody ? body : { grant_type: 'client_credentials' }),
  })
  const answer: { access_token?: string } = JSON.parse(await response.text())
  if (answer.access_token !== undefined) return answer.access_token
  if (fault === 'prints its header') process.stderr.write(`authorization: Basic ${basic}\n`)
  throw fault === 'prints the secret' ? new WrappedError('refused') : new Error('The token was refused.')
}

function token(): Promise<string> {
  if (fault === 'a token for each call') return requestToken()
  held ??= requestToken()
  return held
}

async function call(number: string, target: string): Promise<void> {
  if (fault === 'crashes') throw new Error('A fault that nobody catches.')
  if (fault === 'hangs') return
  try {
    const bearer = await token().catch((error: unknown) => {
      if (fault !== 'calls without a token') throw error
      return undefined
    })
    const response = await fetch(target, bearer ? { headers: { authorization: `Bearer ${bearer}` } } : {})
    const again =
      fault === 'repeats 403' && response.status === 403
        ? await fetch(target, { headers: { authorization: `Bearer ${bearer}` } })
        : response
    say(`${number} ${again.status}`)
  } catch (error) {
    if (fault !== 'says nothing of errors') process.stderr.write(`${inspect(error, { depth: 12 })}\n`)
    if (fault === 'leaves a rejection unhandled') setTimeout(() => Promise.reject(error), 20)
    say(`${number} error`)
  }
  if (fault === 'leaves early') process.exit(0)
}

if (fault === 'never ready') setInterval(() => undefined, 1000)
if (fault === 'ends at once') {
  process.stderr.write(`The secret is ${secret}.\n`)
  process.exit(7)
}
if (fault === 'hangs' || fault === 'stays') {
  // Its own child must end with it.
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  say(`processes ${process.pid} ${child.pid}`)
  setInterval(() => undefined, 1000)
}
if (fault !== 'never ready') {
  say(fault === 'lacks both' ? 'ready lacking api-calls abort' : 'ready')
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [number = '', target = ''] = line.split(' ')
    void call(number, target)
  })
}
