/** A command was not understood; `main.ts` says which there are. */
export class UsageError extends Error {}
