import type { HttpServer } from '../http/server.ts'
import { mountPages, type PagesOptions } from '../pages/routes.ts'
import { createFindReader, type ReaderOptions } from './reader.ts'

/** Mounts the pages for people, with what they show a member of his own account. */
export async function mountSite(
  server: HttpServer,
  options: ReaderOptions & Omit<PagesOptions, 'findReader'>,
): Promise<void> {
  await mountPages(server, { ...options, findReader: createFindReader(options) })
}
