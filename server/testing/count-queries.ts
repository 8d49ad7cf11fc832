import type { Kysely } from 'kysely'

/** Counts the questions to a database from now on whose SQL fits; they are asked and answered as ever. */
export function countQueries<T>(db: Kysely<T>, fits: RegExp): () => number {
  let count = 0
  const executor = db.getExecutor()
  const executeQuery = executor.executeQuery
  Object.defineProperty(executor, 'executeQuery', {
    value: (...parameters: Parameters<typeof executeQuery>) => {
      if (fits.test(parameters[0].sql)) count += 1
      return Reflect.apply(executeQuery, executor, parameters)
    },
  })
  return () => count
}
