import { sql } from 'kysely'
import type { Owner } from '../vocabulary/owner.ts'
import type { World } from './world.ts'

/** Puts many clients into an account by one statement: `many-1` is the oldest, one each millisecond. */
export async function insertManyClients(world: World, owner: Owner, count: number): Promise<void> {
  const from = world.clock.now() - 86_400_000
  await sql`
    insert into client (id, account_id, environment, name, search_text, scopes, token_lifetime_seconds, created_at, updated_at)
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(count)})
    select 'many-' || cast(n as text), ${sql.lit(owner.accountId)}, ${sql.lit(owner.environment)},
      'Client ' || cast(n as text), 'client ' || cast(n as text) || ${sql.lit('\n')} || 'many-' || cast(n as text),
      case when n % 2 = 0 then '["event"]' else '["identify"]' end, 3600, ${sql.lit(from)} + n, ${sql.lit(from)} + n
    from numbers`.execute(world.database.db)
}
