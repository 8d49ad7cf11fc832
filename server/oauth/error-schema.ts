import { Type } from 'typebox'

/** A refusal of the authorization server (RFC 6749 §5.2). */
export const oauthErrorSchema = Type.Object({
  error: Type.String({ description: 'The code of RFC 6749 §5.2.', examples: ['invalid_client'] }),
  error_description: Type.String({ description: 'What is wrong and what to do.' }),
  error_uri: Type.String({ format: 'uri', description: 'A page that explains it, or where it is mended.' }),
})
