// Whether an answer is one of those that the OpenAPI document describes for its operation.
import { parseJson } from './json.ts'
import { nameOf, type Operation } from './operations.ts'
import { misfit } from './schema-check.ts'
import type { SentAnswer } from './send.ts'

/** What is wrong with an answer of this operation; undefined: it is as described. */
export function faultOf(operation: Operation, answer: SentAnswer): string | undefined {
  const { statusCode, headers, body } = answer
  const found = describeFault(operation, statusCode, String(headers['content-type'] ?? ''), body)
  return found && `${nameOf(operation)}: ${found}: ${statusCode} ${body.slice(0, 400)}`
}

function describeFault(
  operation: Operation,
  status: number,
  contentType: string,
  body: string,
): string | undefined {
  if (status >= 500) return 'a fault of ours'
  const documented = operation.responses.get(status)
  if (!documented) return 'the status is not documented'
  if (documented.size === 0) return body === '' ? undefined : 'a body that is not documented'
  const [type = ''] = contentType.split(';')
  const schema = documented.get(type)
  if (!schema) return `${type} is not documented`
  if (type === 'application/json' || type.endsWith('+json')) return misfit(schema, parseJson(body))
  if (type !== 'application/x-ndjson') return undefined
  const lines = body.split('\n').filter((line) => line !== '')
  return lines.every((line) => parseJson(line) !== undefined) ? undefined : 'a line that is no JSON'
}
