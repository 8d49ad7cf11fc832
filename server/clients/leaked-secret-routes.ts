import { Type } from 'typebox'
import { problemSchema } from '../http/problem-schema.ts'
import { hostOf, userAgentOf } from '../http/request-facts.ts'
import type { HttpServer } from '../http/server.ts'
import type { Happening } from '../vocabulary/activity-entry.ts'
import type { ClientDirectory } from './directory.ts'
import { endLeakedSecrets, type LeakedSecret, type LeakOptions } from './leaked-secrets.ts'

export interface LeakReportOptions extends LeakOptions {
  clients: Pick<ClientDirectory, 'forget'>
  /** @throws {Problem} `rate_limited` when there were too many reports from an address. */
  limit: (address: string) => Promise<void>
  /** Tells the owner, in his activity. */
  record: (happening: Happening) => void
  /** Tells people of his account, where the secret still worked. */
  notify: (secret: LeakedSecret) => void
}

const url = '/report-leaked-secret'

/** Of a report; more of it is not taken. */
const reportLimitBytes = 64 * 1024

const received = Type.Object({ message: Type.String() })
const thanks = {
  message: 'Thank you. A secret of ours in this report does not work any more, and its owner is told.',
}

/** A report in the type that each of them has: JSON and form name the secret, a text holds it anywhere. */
const report = {
  content: {
    'application/json': { schema: Type.Object({ secret: Type.String() }, { additionalProperties: true }) },
    'application/x-www-form-urlencoded': {
      schema: Type.Object({ secret: Type.String() }, { additionalProperties: true }),
    },
    'text/plain': { schema: Type.String({ maxLength: reportLimitBytes }) },
  },
}

/**
 * Anybody may report a secret of ours that he found. The answer is always the same: it tells nobody which secrets exist,
 * and it gives who only guesses nothing, since a report has to hold the whole secret.
 */
export async function mountLeakReports(server: HttpServer, options: LeakReportOptions): Promise<void> {
  await server.register(async (scope: HttpServer) => {
    // Whatever the type says, it is a text in which secrets are looked for.
    scope.removeAllContentTypeParsers()
    scope.addHook('onRequest', async (request) => {
      await options.limit(request.ip)
      request.headers['content-type'] = 'text/plain'
    })
    scope.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) => body)

    scope.post(
      url,
      {
        bodyLimit: reportLimitBytes,
        // What cannot be read holds no secret: that is no reason to answer otherwise.
        validatorCompiler: () => () => true,
        schema: {
          operationId: 'reportLeakedSecret',
          summary: 'Report a leaked client secret',
          description:
            'For everybody who finds a secret that begins with lk_test_ or lk_prod_ where it should not be, e.g. in a public repository. Send it whole, as JSON, as a form or in a text (100 of them at most). It is revoked at once. The answer is the same for a secret that does not exist.',
          tags: ['Service'],
          security: [],
          body: report,
          response: {
            202: received,
            413: problemSchema('The report is larger than 64 kB'),
            429: problemSchema('Too many reports from this address: put several secrets into one'),
            503: problemSchema('Temporarily unavailable: retry after the time in Retry-After'),
          },
        },
      },
      async (request, reply) => {
        const body: unknown = request.body
        const from = { address: request.ip, requestId: request.id }
        const leaked = typeof body === 'string' ? await endLeakedSecrets(options, readable(body), from) : []
        for (const secret of leaked) {
          options.clients.forget(secret.clientId)
          if (secret.wasAlive) options.notify(secret)
          options.record({
            // One report may concern several owners: each has an entry of his own.
            id: options.newId('req'),
            kind: 'api_call',
            accountId: secret.accountId,
            environment: secret.environment,
            clientId: secret.clientId,
            secretId: secret.secretId,
            scopes: '',
            requiredScope: null,
            operation: `POST ${url}`,
            status: 202,
            error: 'secret_leaked',
            reason: `Somebody reported the secret ${secret.name} (${secret.hint}) as leaked. ${
              secret.wasAlive
                ? 'It was revoked at once: add a new one, and find out where it was seen.'
                : 'It had ended before.'
            }`,
            durationMs: Math.round(reply.elapsedTime * 10) / 10,
            address: request.ip,
            userAgent: userAgentOf(request),
            host: hostOf(request),
          })
        }
        reply.code(202).header('cache-control', 'no-store')
        return thanks
      },
    )
  })
}

/** The text, and what it says where JSON or a form have escaped it. */
function readable(body: string): string {
  const unescaped = body
    .replace(/\\u00([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return unescaped === body ? body : `${body}\n${unescaped}`
}
