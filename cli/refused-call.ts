// What a refused call says of itself: in its challenge (RFC 6750 §3) and in its body (RFC 9457).
import { isRecord } from './json.ts'

interface Refusal {
  text: string
  /** A header of the answer. */
  header: (name: string) => string | null
  facts: { code?: string; requestId?: string; fixUrl?: string }
}

/** @param headers as they came over the wire, the last block counts. @param body what was answered, if it is text. */
export function readRefusal(headers: string, body: string): Refusal {
  const header = (name: string): string | null =>
    [...headers.matchAll(new RegExp(`^${name}: *(.*?)\\r?$`, 'gim'))].at(-1)?.[1] ?? null
  const problem = parse(body)
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined)
  const challenge = header('www-authenticate') ?? ''
  const parameter = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1]
  const code = parameter('error') ?? text('type')?.split('/').at(-1)
  const requestId = header('request-id')
  const fixUrl = text('fixUrl') ?? text('type')
  return {
    header,
    text:
      text('detail') ??
      parameter('error_description') ??
      'The call was refused; the answer does not say why.',
    facts: {
      ...(code !== undefined && { code }),
      ...(requestId !== null && { requestId }),
      ...(fixUrl !== undefined && { fixUrl }),
    },
  }
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
