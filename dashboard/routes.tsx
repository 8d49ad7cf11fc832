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
import { loadPart } from './load-part.ts'
import { isEnvironment, paths, signInFor } from './paths.ts'
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
  component: lazyRouteComponent(() => loadPart(() => import('./shell/shell.tsx')), 'EnvironmentShell'),
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

const operator = createRoute({
  getParentRoute: () => root,
  path: '/operator',
  beforeLoad: ({ location }) => requireSession(location.href),
  component: lazyRouteComponent(() => loadPart(() => import('./shell/shell.tsx')), 'OperatorShell'),
  errorComponent: FailedPage,
  notFoundComponent: MissingPage,
})

/**
 * A page at an address under its parent.
 * @param guard whether somebody must be signed in, where the parent does not say it.
 */
function page<Name extends string>(
  parent: AnyRoute,
  path: string,
  load: () => Promise<Record<Name, () => React.ReactNode>>,
  name: Name,
  guard?: (to: string) => Promise<void>,
) {
  return createRoute({
    getParentRoute: () => parent,
    path,
    ...(guard && { beforeLoad: ({ location }) => guard(location.href) }),
    component: lazyRouteComponent(() => loadPart(load), name),
    errorComponent: FailedPage,
  })
}

const publicPages = [
  page(root, paths.signUp, () => import('./pages/people/sign-up-page.tsx'), 'SignUpPage'),
  page(root, paths.signIn, () => import('./pages/people/sign-in-page.tsx'), 'SignInPage'),
  page(root, paths.resetPassword, () => import('./pages/people/reset-page.tsx'), 'ResetPage'),
  page(root, paths.confirm, () => import('./pages/people/confirm-page.tsx'), 'ConfirmPage'),
  page(root, paths.invitation, () => import('./pages/people/invitation-page.tsx'), 'InvitationPage'),
  page(root, paths.setUp, () => import('./pages/people/set-up-page.tsx'), 'SetUpPage'),
  page(root, paths.device, () => import('./pages/people/device-page.tsx'), 'DevicePage', requireSession),
]

const environmentPages = [
  page(environment, '/account/audit', () => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
  page(environment, '/signature', () => import('./pages/contents/documents-page.tsx'), 'DocumentsPage'),
  page(
    environment,
    '/signature/$documentId',
    () => import('./pages/contents/document-page.tsx'),
    'DocumentPage',
  ),
  page(
    environment,
    '/identification',
    () => import('./pages/contents/identifications-page.tsx'),
    'IdentificationsPage',
  ),
  page(
    environment,
    '/identification/$identificationId',
    () => import('./pages/contents/identification-page.tsx'),
    'IdentificationPage',
  ),
  page(environment, '/events', () => import('./pages/contents/events-page.tsx'), 'EventsPage'),
  page(environment, '/events/$eventId', () => import('./pages/contents/event-page.tsx'), 'EventPage'),
  page(environment, '/home', () => import('./pages/home/home-page.tsx'), 'HomePage'),
  page(environment, '/logs', () => import('./pages/logs/logs-page.tsx'), 'LogsPage'),
  page(environment, '/account/api-clients', () => import('./pages/clients/list-page.tsx'), 'ClientsPage'),
  page(
    environment,
    '/account/api-clients/new',
    () => import('./pages/clients/new-page.tsx'),
    'NewClientPage',
  ),
  page(
    environment,
    '/account/api-clients/$clientId',
    () => import('./pages/clients/client-page.tsx'),
    'ClientPage',
  ),
  page(
    environment,
    '/account/api-clients/$clientId/edit',
    () => import('./pages/clients/edit-page.tsx'),
    'EditClientPage',
  ),
  page(environment, '/account/members', () => import('./pages/members/members-page.tsx'), 'MembersPage'),
  page(environment, '/account/settings', () => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
  page(
    environment,
    '/account/production',
    () => import('./pages/production/production-page.tsx'),
    'ProductionPage',
  ),
]

const operatorPages = [
  page(operator, '/accounts', () => import('./pages/operator/accounts-page.tsx'), 'AccountsPage'),
  page(operator, '/accounts/$accountId', () => import('./pages/operator/account-page.tsx'), 'AccountPage'),
  page(operator, '/production-requests', () => import('./pages/operator/requests-page.tsx'), 'RequestsPage'),
  page(operator, '/apis', () => import('./pages/operator/apis-page.tsx'), 'ApisPage'),
  page(operator, '/apis/$apiId', () => import('./pages/operator/api-page.tsx'), 'ApiPage'),
  page(operator, '/signing-keys', () => import('./pages/operator/keys-page.tsx'), 'KeysPage'),
  page(operator, '/audit', () => import('./pages/operator/deployment-audit-page.tsx'), 'DeploymentAuditPage'),
  page(operator, '/system', () => import('./pages/operator/system-page.tsx'), 'SystemPage'),
]

export const router = createRouter({
  routeTree: root.addChildren([
    ...publicPages,
    environment.addChildren(environmentPages),
    operator.addChildren(operatorPages),
  ]),
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
