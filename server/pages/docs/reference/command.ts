// An operation as a curl command.
import { exampleOf } from './example.ts'
import { contentOf, type Listed, scopesOf } from './openapi.ts'

/** Ids stand in capitals, secrets and tokens in the variables of the guides. */
export function curlOf(operation: Listed, publicUrl: string): string {
  const { method, path, security = [] } = operation
  const body = contentOf(operation.requestBody)
  const lines = [
    method === 'GET' || (method === 'POST' && body) ? undefined : `-X ${method}`,
    security.some((way) => 'clientSecretBasic' in way)
      ? '-u "$LATCHKEY_CLIENT_ID:$LATCHKEY_CLIENT_SECRET"'
      : scopesOf(operation).length > 0
        ? '-H "Authorization: Bearer $TOKEN"'
        : undefined,
    ...(operation.parameters ?? [])
      .filter(({ in: place, required }) => place === 'header' && required)
      .map(({ name, schema }) => `-H '${name}: ${exampleOf(schema ?? {}, false)}'`),
    ...(body ? bodyOf(body.type, exampleOf(body.schema, false)) : []),
    `"${publicUrl}${path.replace(/\{(\w+)\}/g, (_whole, name: string) => `$${capitals(name)}`)}${queryOf(operation)}"`,
  ].filter((line) => line !== undefined)
  return `curl ${lines.join(' \\\n  ')}`
}

function bodyOf(type: string, example: unknown): string[] {
  if (type === 'multipart/form-data') return ['-F file=@contract.pdf']
  if (type === 'application/x-www-form-urlencoded' && typeof example === 'object' && example !== null)
    return Object.entries(example).map(
      ([name, value]) => `-d ${name}=${value === 'text' ? `"$${capitals(name)}"` : value}`,
    )
  return ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`]
}

function queryOf({ parameters = [] }: Listed): string {
  const needed = parameters.filter(({ in: place, required }) => place === 'query' && required)
  if (needed.length === 0) return ''
  return `?${needed.map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema ?? {}, false)))}`).join('&')}`
}

function capitals(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
