// A client id and its secret as programs and people take them.

export interface SecretText {
  clientId: string
  secret: string
  scopes: readonly string[]
}

/** What the SDK and the command line read. */
export function envFile({ clientId, secret, scopes }: SecretText): string {
  return [
    `LATCHKEY_URL=${window.location.origin}`,
    `LATCHKEY_CLIENT_ID=${clientId}`,
    `LATCHKEY_CLIENT_SECRET=${secret}`,
    ...(scopes.length === 0 ? [] : [`LATCHKEY_SCOPES="${scopes.join(' ')}"`]),
    '',
  ].join('\n')
}

/** Works as it is pasted. */
export function tokenCurl({ clientId, secret, scopes }: SecretText): string {
  return [
    `curl -u '${clientId}:${secret}'`,
    '-d grant_type=client_credentials',
    ...(scopes.length === 0 ? [] : [`-d 'scope=${scopes.join(' ')}'`]),
    `${window.location.origin}/oauth/connect/token`,
  ].join(' \\\n  ')
}

/** The two requests for a script: what is secret stays in the environment. */
export function scriptCurl(clientId: string, scope: string, path: string | undefined): string {
  const { origin } = window.location
  const token = [
    `curl -u "${clientId}:$LATCHKEY_CLIENT_SECRET"`,
    '-d grant_type=client_credentials',
    `-d scope=${scope}`,
    `${origin}/oauth/connect/token`,
  ].join(' \\\n  ')
  return path === undefined
    ? token
    : `TOKEN=$(${token} | jq -r .access_token)\n\ncurl -H "Authorization: Bearer $TOKEN" ${origin}${path}`
}

/** The same by the SDK, which keeps the token. */
export function sdkCode(clientId: string, scope: string, path: string | undefined): string {
  const call =
    path === undefined
      ? 'const token = await latchkey.token()'
      : `const response = await latchkey.fetch('${path}')\nconsole.log(await response.json())`
  return `import { createClient } from '@latchkey/client'

// Reads LATCHKEY_CLIENT_SECRET; as often as you like: the token is kept and reused.
const latchkey = createClient({
  url: '${window.location.origin}',
  clientId: '${clientId}',
  scopes: ['${scope}'],
})

${call}`
}

/** Lets the browser save a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
