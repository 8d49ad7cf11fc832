import { type Api, type List, listAt } from './call.ts'
import type { paths } from './openapi-types.ts'

/** Something that happened. */
export type Event =
  paths['/notification/events']['get']['responses'][200]['content']['application/json']['items'][number]

export interface Notification {
  /** What happened, newest first. Scope `event`. */
  events: List<Event>
}

/**
 * The notification API, typed.
 *
 * @example
 * const { items } = await notification(createClient({ scopes: ['event'] })).events.list({ limit: 10 })
 */
export function notification(api: Api): Notification {
  return { events: listAt(api, '/notification/events') }
}
