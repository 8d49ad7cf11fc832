/**
 * Where processes share tokens. Values are encrypted before they come here, and names tell nothing. Whatever a
 * function throws counts as "nothing there"; one that takes more than two seconds is not waited for.
 */
export interface TokenStore {
  /** The value under this name; undefined when there is none. */
  get: (name: string) => Promise<string | undefined>
  /** @param lifetimeMs how long it is of use; it may be forgotten then. */
  set: (name: string, value: string, lifetimeMs: number) => Promise<void>
  delete: (name: string) => Promise<void>
  /**
   * Takes the lock of this name, without waiting: one process at a time requests a token.
   * @param holdMs after so long the holder is taken for dead, and the lock is free.
   * @returns what frees it; undefined while another holds it.
   */
  lock: (name: string, holdMs: number) => Promise<(() => Promise<void>) | undefined>
}
