// The words of our own refusals, E1 to E13, and a request that gets each.
import type { Credentials, Target } from './target.ts'
import { need } from './target.ts'
import { basic, firstScope, formType, grantBody, requestBody, type TokenPost } from './token-request.ts'

/** Name, the request, the text; `CLIENT_SCOPE` and `UNGRANTED` stand for the target's scopes. */
type Refusal = readonly [name: string, post: (target: Target) => TokenPost, text: string]

export const tokenRefusals: readonly Refusal[] = [
  [
    'E1 no usable authentication',
    () => ({ authorization: null }),
    'No usable client authentication. Send HTTP Basic with client_id:client_secret in Base64, or use curl -u client_id:client_secret.',
  ],
  [
    'E2 a wrong secret',
    ({ client }) => ({ authorization: basic({ ...client, clientSecret: 'wrong' }) }),
    'Client id and secret do not match an active client. Check for a trailing newline or a secret from the other environment. The owner sees the exact reason in Logs.',
  ],
  ...['\n', '\r\n', '%0A', '%0D%0A', '\n\n'].map(
    (lineBreak): Refusal => [
      `E3 a body broken by ${JSON.stringify(lineBreak)}`,
      () => ({ body: `${grantBody}${lineBreak}scope=document_read` }),
      'The body has a line break between grant_type and scope. Join them with an ampersand: grant_type=client_credentials&scope=document_read',
    ],
  ),
  [
    'E4 a JSON body',
    () => ({ contentType: 'application/json', body: '{"grant_type":"client_credentials"}' }),
    'The body is JSON. Send it as application/x-www-form-urlencoded (curl: -d grant_type=client_credentials).',
  ],
  [
    'E4 a JSON body named as a form',
    () => ({ contentType: formType, body: ' {"grant_type":"client_credentials"}' }),
    'The body is JSON. Send it as application/x-www-form-urlencoded (curl: -d grant_type=client_credentials).',
  ],
  ['E5 another grant', () => ({ body: 'grant_type=password' }), 'Only client_credentials is offered here.'],
  [
    'E6 an unknown scope',
    () => ({ body: requestBody('documents_read') }),
    'Unknown scope documents_read. Did you mean document_read? All scopes: /docs/scopes',
  ],
  [
    'E7 a scope not given to the client',
    (target) => ({ body: requestBody(need(target.ungrantedScope, 'scope that was not given')) }),
    'This client may not request UNGRANTED. Add it under Account, API Clients, Edit, Show advanced settings, Save. Direct link in error_uri.',
  ],
  [
    'E8 a client without scopes',
    (target) => ({
      authorization: basic(withoutScopes(target)),
      body: requestBody(firstScope(target)),
    }),
    'This client has no scopes yet. Open Edit, Show advanced settings and select at least one.',
  ],
]

function withoutScopes({ clients }: Target): Credentials {
  return need(clients?.withoutScopes, 'client without scopes')
}
