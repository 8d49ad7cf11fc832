import { OAuthError } from '../vocabulary/oauth-error.ts'

/**
 * Recognises the request that people copy from old documentation: `grant_type` and `scope` on two lines,
 * without an ampersand. It is told how to mend it; nothing is guessed.
 */
export function recogniseBrokenBody(parameters: ReadonlyMap<string, string>): void {
  const grantType = parameters.get('grant_type')
  if (grantType === undefined || !/^client_credentials\s*[\r\n]\s*scope=/.test(grantType)) return
  throw new OAuthError(
    'invalid_request',
    'The body has a line break between grant_type and scope. Join them with an ampersand: grant_type=client_credentials&scope=document_read',
  )
}
