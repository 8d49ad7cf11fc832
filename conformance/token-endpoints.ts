// The endpoints beside the token endpoint that take a token in a form: revocation and introspection.
import type { Answer } from './answer.ts'
import { type Credentials, need, type Target } from './target.ts'
import { basic, postToken } from './token-request.ts'

export interface TokenForm {
  form: Record<string, string>
  client?: Credentials | null
  method?: string
  headers?: Record<string, string>
}

/** RFC 7009 §2. */
export function postRevocation(target: Target, post: TokenForm): Promise<Answer> {
  return postForm(target, endpointOf(target, 'revocation_endpoint'), post)
}

/** RFC 7662 §2. */
export function postIntrospection(target: Target, post: TokenForm): Promise<Answer> {
  return postForm(target, endpointOf(target, 'introspection_endpoint'), post)
}

/** What RFC 8414 §2 says about it in the metadata. */
function endpointOf(target: Target, name: string): string {
  const endpoint = target.metadata[name]
  return need(typeof endpoint === 'string' ? endpoint : undefined, `an ${name.replace('_', ' ')}`)
}

function postForm(
  target: Target,
  endpoint: string,
  { form, client, method = 'POST', headers = {} }: TokenForm,
): Promise<Answer> {
  return postToken(target, {
    endpoint,
    method,
    headers,
    body: method === 'GET' ? null : new URLSearchParams(form).toString(),
    authorization: client === null ? null : basic(client ?? target.client),
  })
}
