// Pages and their larger parts are loaded when they are first wanted. A newer release has them under other names.
import * as words from './words/index.ts'

/** A part of the dashboard did not come: it is of a release that is gone, or there is no connection. */
export class PartMissing extends Error {
  constructor(cause: unknown) {
    super(words.shell.failed.newer, { cause })
    this.name = 'PartMissing'
  }
}

/** @throws {PartMissing} instead of what each browser says in its own words. */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load()
  } catch (cause) {
    throw new PartMissing(cause)
  }
}
