import assert from 'node:assert/strict'
import type { Answer } from './answer.ts'
import { assertNoEcho, sendGenerated } from './generated-requests.ts'
import type { Target } from './target.ts'

/** Whatever is sent: never a 5xx, a refusal of RFC 6749 §5.2 in legal characters, and no echo. */
export function assertDecentAnswers(target: Target, count: number): Promise<void> {
  return sendGenerated(target, count, (answer, authenticated) => {
    assert.ok(answer.status < 500, `${answer.status} ${answer.text}`)
    if (answer.status !== 200) assertRefusal(answer)
    assertNoEcho(answer, authenticated)
  })
}

function assertRefusal({ headers, text, body }: Answer): void {
  assert.match(headers.get('content-type') ?? '', /^application\/json(;|$)/, text)
  assert.match(String(body.error), /^[a-z_]+$/, text)
  // RFC 6749 §5.2: the characters of a description.
  assert.match(String(body.error_description), /^[\x20-\x21\x23-\x5B\x5D-\x7E]{1,240}$/, text)
  assert.ok(typeof body.error_uri === 'string', text)
}
