// Hashes of passwords, by better-auth's own function (scrypt): loaded when the first one is needed.

/** @returns what is kept of a password. */
export async function hashPassword(password: string): Promise<string> {
  return (await import('better-auth/crypto')).hashPassword(password)
}

/** Whether a password is the one that a hash was made of. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  return (await import('better-auth/crypto')).verifyPassword({ hash, password })
}
