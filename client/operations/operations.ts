// The operations of Latchkey's own APIs, typed: `@latchkey/client/operations`.
import type { Api } from './call.ts'
import { type Identification, identification } from './identification.ts'
import { type Notification, notification } from './notification.ts'
import { type Signature, signature } from './signature.ts'

export { ApiError } from './api-error.ts'
export type { CallOptions, List, ListQuery, Page } from './call.ts'
export { type Identification, identification, type NewSession, type Session } from './identification.ts'
export { type Event, type Notification, notification } from './notification.ts'
export { type Document, type NewDocument, type Signature, signature } from './signature.ts'

export interface Operations {
  signature: Signature
  notification: Notification
  identification: Identification
}

/**
 * A client with the operations of all three APIs. Take `signature`, `notification` or `identification` alone where
 * size matters: bundlers leave out the others.
 *
 * @example
 * const api = withOperations(createClient({ scopes: ['document_read'] }))
 * const { items } = await api.signature.documents.list({ limit: 10 })
 */
export function withOperations<Client extends Api>(api: Client): Client & Operations {
  return {
    ...api,
    signature: signature(api),
    notification: notification(api),
    identification: identification(api),
  }
}
