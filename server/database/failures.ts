// Which errors of the drivers mean "away for now", and which "no room": everything else is a fault of ours.

const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  // PostgreSQL: shutting down, crashed, starting up, too many connections, statement or lock timeout, read-only.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '55P03',
  '25006',
  // Two changes that waited for each other: one was let through, this one may be tried again.
  '40P01',
  'SQLITE_BUSY',
])

/** `away`: it could not be reached or did not answer in time; `full`: the disk is. Nothing was changed. */
export function storageFailure(error: unknown): 'away' | 'full' | undefined {
  if (isUnavailable(error)) return 'away'
  if (isStorageFull(error)) return 'full'
  // A package that speaks to the database itself wraps what the driver said.
  return error instanceof Error && error.cause instanceof Error ? storageFailure(error.cause) : undefined
}

/** Something that may be there once alone was there already. */
export function isDuplicate(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : undefined
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code !== undefined && (away.has(code) || code.startsWith('08')))
    return 'syscall' in error ? isSocket(error) : true
  return /^(Query read timeout|timeout exceeded when trying to connect|Connection terminated)/.test(
    error.message,
  )
}

function isStorageFull(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : undefined
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === '53100'
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

// A missing file has ENOENT too; only a connection attempt means the database.
function isSocket(error: Error): boolean {
  return (
    'syscall' in error &&
    ['connect', 'read', 'write', 'getaddrinfo'].includes(String(error.syscall)) &&
    !('path' in error)
  )
}
