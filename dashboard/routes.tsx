// Every page and its address. Pages are loaded when they are first opened, each with what it shows.
import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { isEnvironment, signInFor } from './paths.ts'
import { parseSearch, writeSearch } from './routing.ts'
import { findSession } from './session.ts'
import { FailedPage } from './shell/failed-page.tsx'
import { MissingPage } from './shell/missing-page.tsx'

const root = createRootRoute({
  component: Outlet,
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

async function requireSession(to: string): Promise<void> {
  if (!(await findSession())) throw redirect({ href: signInFor(to) })
}

const environment = createRoute({
  getParentRoute: () => root,
  path: '/$environment',
  beforeLoad: async ({ params, location }) => {
    if (!isEnvironment(params.environment)) throw redirect({ href: '/test/home' })
    await requireSession(location.href)
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'EnvironmentShell'),
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

const operator = createRoute({
  getParentRoute: () => root,
  path: '/operator',
  beforeLoad: ({ location }) => requireSession(location.href),
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'OperatorShell'),
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

/** A page at an address under its parent. */
function page<Name extends string>(
  parent: AnyRoute,
  path: string,
  load: () => Promise<Record<Name, () => React.ReactNode>>,
  name: Name,
) {
  return createRoute({
    getParentRoute: () => parent,
    path,
    component: lazyRouteComponent(load, name),
    errorComponent: FailedPage,
  })
}

const environmentPages = [
  page(environment, '/account/api-clients', () => import('./pages/clients/list-page.tsx'), 'ClientsPage'),
]

export const router = createRouter({
  routeTree: root.addChildren([environment.addChildren(environmentPages), operator]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: false,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
