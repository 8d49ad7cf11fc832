import { sql } from 'kysely'
import type { World } from '../world.ts'

/** For thousands of changes that nobody needs after a crash: SQLite does not wait for the disk. */
export async function stopSyncing(
  { database: { db } }: World,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  if (dialect === 'sqlite') await sql`pragma synchronous = off`.execute(db)
}
