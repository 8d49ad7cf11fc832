import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import { openProtection, type Protection } from '../protection/protection.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

export interface AppProtectionOptions {
  config: Config
  now: Now
  newId: NewId
  warn: (facts: object, text: string) => void
}

/** The limits and quotas of this node, as they are set. */
export async function openAppProtection({
  config,
  now,
  newId,
  warn,
}: AppProtectionOptions): Promise<Protection> {
  const { redisUrl: url, publicUrl, tokenQuota } = config
  // The nodes of one deployment have one public URL; others may use the same Redis.
  const name = createHash('sha256').update(publicUrl).digest('base64url').slice(0, 8)
  const redis = url === undefined ? undefined : { url, prefix: `latchkey:${name}:`, nodeId: newId('node') }
  return openProtection({ now, tokenQuota, redis, warn })
}
