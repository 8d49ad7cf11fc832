// Redis, where it is set: counts of all nodes together. Nothing waits for it longer than a blink, nothing fails with it.
import { Redis } from 'ioredis'
import type { Now } from '../vocabulary/clock.ts'

export interface SharedStore {
  redis: Redis
  /** Before every key: deployments may share a Redis. */
  prefix: string
  /** This node among those that share it. */
  nodeId: string
  /** Asks Redis. @returns undefined at once while it is away, and after `answerMs` when it does not answer. */
  ask: <T>(question: (redis: Redis) => Promise<T>) => Promise<T | undefined>
  /** How many nodes share it, as last heard. */
  nodes: () => number
  isAway: () => boolean
  close: () => void
}

export interface SharedStoreOptions {
  url: string
  prefix: string
  nodeId: string
  now: Now
  warn: (facts: object, text: string) => void
}

/** An answer that takes longer comes too late: from then on this node counts alone. */
const answerMs = 80
const heartbeatMs = 1000
/** A node that was not heard for so long is gone. */
const nodeGoneMs = 10_000

export function openSharedStore({ url, prefix, nodeId, now, warn }: SharedStoreOptions): SharedStore {
  const redis = new Redis(url, {
    // Nothing may pile up for a Redis that is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: answerMs,
    connectTimeout: 1000,
    retryStrategy: (times) => Math.min(times * 100, heartbeatMs),
  })
  let away = true
  let isTold = false
  let nodes = 1

  const leave = (error: unknown) => {
    away = true
    if (isTold) return
    isTold = true
    warn({ err: error }, 'Redis is away or slow: limits are counted on each node alone')
  }
  // Without a listener a lost connection would end the process.
  redis.on('error', leave)
  redis.on('close', () => leave(new Error('the connection was closed')))

  async function beat(): Promise<void> {
    if (redis.status !== 'ready') return
    const key = `${prefix}nodes`
    const answers = await redis
      .multi()
      .zadd(key, now(), nodeId)
      .zremrangebyscore(key, '-inf', now() - nodeGoneMs)
      .zcard(key)
      .pexpire(key, nodeGoneMs)
      .exec()
    for (const [error] of answers ?? []) if (error) throw error
    const count = answers?.[2]?.[1]
    nodes = typeof count === 'number' && count > 0 ? count : 1
    away = false
    isTold = false
  }

  redis.on('ready', () => void beat().catch(leave))
  const heart = setInterval(() => void beat().catch(leave), heartbeatMs)
  heart.unref()

  return {
    redis,
    prefix,
    nodeId,
    async ask(question) {
      // Only the heartbeat finds out that it is back: no request waits for that.
      if (away) return undefined
      try {
        return await question(redis)
      } catch (error) {
        leave(error)
        return undefined
      }
    },
    nodes: () => nodes,
    isAway: () => away,
    close() {
      clearInterval(heart)
      redis.disconnect()
    },
  }
}
