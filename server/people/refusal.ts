/**
 * What better-auth refuses: its errors carry a status, and everything else is a fault.
 * @returns undefined: it was refused for what the caller sent.
 */
export async function unlessRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (!isRefusal(error) || isLockedError(error)) throw error
    return undefined
  }
}

/** Too many wrong second factors of a person, from wherever: for a while the right one opens nothing either. */
export function isLockedError(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 429
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  )
}
