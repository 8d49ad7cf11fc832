import type { Database } from '../database/tables.ts'
import type { DocumentFiles } from './files.ts'
import { findRecorded } from './store.ts'

/** How many ids are asked for at once. */
const batch = 500

/**
 * Removes files whose document was never recorded: a crash came between the two. Nobody was told that
 * such a document exists.
 * @returns how many were removed.
 */
export async function sweepOrphans(db: Database, files: DocumentFiles): Promise<number> {
  const ids = await files.listSettled()
  let removed = 0
  for (let index = 0; index < ids.length; index += batch) {
    const asked = ids.slice(index, index + batch)
    const recorded = await findRecorded(db, asked)
    const orphans = asked.filter((id) => !recorded.has(id))
    await Promise.all(orphans.map((id) => files.remove(id)))
    removed += orphans.length
  }
  return removed
}
