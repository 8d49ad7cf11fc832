import type { ActivityEntry } from './entry.ts'
import { scopesOf } from './entry-schema.ts'

/** The request of an entry as a command for a POSIX shell. What was secret, and what we do not keep, is a placeholder. */
export function curlOf(entry: ActivityEntry, publicUrl: string): string {
  return entry.kind === 'token_request' ? tokenRequest(entry, publicUrl) : apiCall(entry, publicUrl)
}

function tokenRequest(entry: ActivityEntry, publicUrl: string): string {
  const scope = scopesOf(entry).join(' ')
  return [
    `curl -u ${quote(`${entry.clientId ?? 'CLIENT_ID'}:CLIENT_SECRET`)}`,
    '-d grant_type=client_credentials',
    ...(scope === '' ? [] : [`--data-urlencode ${quote(`scope=${scope}`)}`]),
    quote(`${publicUrl}/oauth/connect/token`),
  ].join(' ')
}

function apiCall({ operation }: ActivityEntry, publicUrl: string): string {
  const [method = 'GET', pattern = '/'] = operation.split(' ')
  // Of a call through a proxy only the API is known.
  if (method === 'forward-auth')
    return `curl -H ${quote('Authorization: Bearer ACCESS_TOKEN')} ${quote(pattern)}`
  // documentId → DOCUMENT_ID
  const path = pattern.replace(/:(\w+)/g, (_match, name: string) =>
    name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
  )
  return [
    method === 'GET' ? 'curl' : `curl -X ${method}`,
    `-H ${quote('Authorization: Bearer ACCESS_TOKEN')}`,
    quote(publicUrl + path),
  ].join(' ')
}

/** One word for the shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
