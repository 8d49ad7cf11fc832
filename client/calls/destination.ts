import { OriginError } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'

/**
 * Where a call goes. A path belongs to Latchkey's own origin.
 * @throws {OriginError} when the token is not for that origin.
 */
export function resolveDestination(
  input: string | URL,
  { url, origins }: Pick<Settings, 'url' | 'origins'>,
): URL {
  const destination = new URL(input, url)
  if (origins.has(destination.origin)) return destination
  // Addresses like data: and file: have no origin.
  throw new OriginError(destination.origin === 'null' ? destination.protocol : destination.origin)
}
