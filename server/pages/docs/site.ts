// All pages of the documentation, by address.
import type { StoredScope } from '../../catalogue/store.ts'
import { errorsAddition, failedRequestAddition } from './errors.ts'
import { type Attachment, openLibrary } from './library.ts'
import { type NavigationGroup, navigation } from './navigation.ts'
import type { DocPage } from './page.ts'
import { type OpenApi, referencePages } from './reference/pages.ts'
import { scopesAddition } from './scopes.ts'
import { sourcePage } from './source-page.ts'

export interface SiteOptions {
  /** The OpenAPI document. */
  openapi: () => OpenApi
  /** The scopes that people may pick, as they are now. */
  scopes: () => readonly StoredScope[]
}

export interface Site {
  find: (path: string) => DocPage | undefined
  attachment: (path: string) => Attachment | undefined
  groups: readonly NavigationGroup<DocPage>[]
  /** Pages that have an index of their own. */
  more: readonly NavigationGroup<DocPage>[]
  /** Every page, in the order of the navigation. */
  pages: readonly DocPage[]
}

/** Reads the files and lists the pages; nothing is rendered yet. */
export function openSite(options: SiteOptions): Site {
  const library = openLibrary()
  const reference = referencePages(options.openapi)
  const sources = [...library.sources.values()]
  const additions = new Map([
    ['/docs/scopes', scopesAddition(options.scopes)],
    ['/docs/errors', errorsAddition(sources)],
    ['/docs/api', reference.index],
  ])
  const pages = [
    ...sources.map((source) =>
      sourcePage(
        source,
        library,
        additions.get(source.path) ??
          (source.path.startsWith('/docs/errors/') ? failedRequestAddition(source.path) : undefined),
      ),
    ),
    ...reference.pages,
  ]
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const groups = navigation(pages)
  const under = (prefix: string) => pages.filter(({ path }) => path.startsWith(prefix))
  const more = [
    { name: 'API reference', pages: under('/docs/api/') },
    { name: 'Errors', pages: under('/docs/errors/') },
    { name: 'Decisions', pages: under('/docs/decisions') },
  ]
  return {
    find: (path) => byPath.get(path),
    attachment: (path) => library.attachments.get(path),
    groups,
    more,
    pages: [...groups, ...more].flatMap((group) => group.pages),
  }
}
