// The order of the pages. A guide that is not named here stands at the end of the guides.

/** The groups of the side navigation and the last part of the address of each page. */
const order: readonly (readonly [string, readonly string[]])[] = [
  ['Start here', ['', 'connect', 'reuse', 'scopes', 'errors', 'api']],
  [
    'Guides',
    [
      'sdk',
      'command-line',
      'rotate-secrets',
      'account-api',
      'webhooks',
      'protect-your-own-api',
      'go-to-production',
    ],
  ],
  ['Running Latchkey', ['operate', 'scale', 'people', 'declared-setup', 'settings']],
  ['Also', ['postman', 'deprecated-host', 'report-leaked-secret']],
]

/** Listed under their own index, not in the side navigation. */
const listedElsewhere = /^\/docs\/(errors|api|decisions)\//

interface Listed {
  path: string
  title: string
}

export interface NavigationGroup<Page extends Listed> {
  name: string
  pages: readonly Page[]
}

/** Every page of the side navigation, in its group. */
export function navigation<Page extends Listed>(pages: readonly Page[]): NavigationGroup<Page>[] {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const named = new Set(order.flatMap(([, names]) => names.map(addressOf)))
  const others = pages
    .filter(({ path }) => !named.has(path) && !listedElsewhere.test(path) && path !== '/docs/decisions')
    .toSorted((one, other) => (one.title < other.title ? -1 : 1))
  return order.map(([name, names]) => ({
    name,
    pages: [
      ...names.flatMap((last) => byPath.get(addressOf(last)) ?? []),
      ...(name === 'Guides' ? others : []),
    ],
  }))
}

function addressOf(last: string): string {
  return last === '' ? '/docs' : `/docs/${last}`
}

/** What stands before and behind a page in the navigation. */
export function neighbours<Page extends Listed>(
  groups: readonly NavigationGroup<Page>[],
  path: string,
): { previous: Page | undefined; next: Page | undefined } {
  const pages = groups.flatMap((group) => group.pages)
  const index = pages.findIndex((page) => page.path === path)
  if (index === -1) return { previous: undefined, next: undefined }
  return { previous: pages[index - 1], next: pages[index + 1] }
}
