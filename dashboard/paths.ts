// Every address of the dashboard. Pages link through these; the server serves the page for them.
export const environments = ['test', 'production'] as const

export type Environment = (typeof environments)[number]

export function isEnvironment(text: string): text is Environment {
  return environments.some((environment) => environment === text)
}

/** Addresses without an environment. Tokens of links stand behind `#`: they never reach a server. */
export const paths = {
  front: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  resetPassword: '/reset-password',
  confirm: '/confirm',
  invitation: '/invitation',
  setUp: '/set-up',
  device: '/device',
  docs: '/docs',
  reference: '/docs/api',
  scopes: '/docs/scopes',
  reuse: '/docs/reuse',
  operator: {
    accounts: '/operator/accounts',
    account: (accountId: string) => `/operator/accounts/${encodeURIComponent(accountId)}`,
    requests: '/operator/production-requests',
    apis: '/operator/apis',
    api: (apiId: string) => `/operator/apis/${encodeURIComponent(apiId)}`,
    keys: '/operator/signing-keys',
    audit: '/operator/audit',
    system: '/operator/system',
  },
} as const

/** The sign-in page that leads back to where one wanted to go. */
export function signInFor(to: string): string {
  return `${paths.signIn}?${new URLSearchParams({ to })}`
}

/** The second step of a sign-in whose password was right already, e.g. behind a link. */
export function secondFactorFor(to: string): string {
  return `${signInFor(to)}&step=second-factor`
}

/** Where a sign-in leads: to a page of ours, whatever the address asks for. */
export function ownPath(to: string | undefined): string {
  // A second slash or a backslash would begin another host.
  return to !== undefined && /^\/(?:(?:test|production|operator)\/[^\\]*|device)$/.test(to)
    ? to
    : '/test/home'
}

/** The addresses of one environment. */
export function pathsOf(environment: Environment) {
  const base = `/${environment}`
  const clients = `${base}/account/api-clients`
  const client = (clientId: string) => `${clients}/${encodeURIComponent(clientId)}`
  return {
    home: `${base}/home`,
    documents: `${base}/signature`,
    document: (id: string) => `${base}/signature/${encodeURIComponent(id)}`,
    identifications: `${base}/identification`,
    identification: (id: string) => `${base}/identification/${encodeURIComponent(id)}`,
    events: `${base}/events`,
    event: (id: string) => `${base}/events/${encodeURIComponent(id)}`,
    logs: `${base}/logs`,
    /** One entry, open beside the list; filters are the search parameters of the page. */
    logEntry: (requestId: string) => `${base}/logs?${new URLSearchParams({ entry: requestId })}`,
    clients,
    newClient: `${clients}/new`,
    client,
    clientTab: (clientId: string, tab: 'overview' | 'secrets' | 'keys' | 'logs') =>
      tab === 'overview' ? client(clientId) : `${client(clientId)}?tab=${tab}`,
    editKeys: (clientId: string) => `${client(clientId)}/edit?advanced=1#keys`,
    chooseScopes: (clientId: string) => `${client(clientId)}/edit?advanced=1#scopes`,
    /** The address that `fixUrl` of a refusal names, too. */
    editClient: (clientId: string, scope?: string) =>
      `${client(clientId)}/edit${scope === undefined ? '' : `?${new URLSearchParams({ advanced: '1', scope })}#scopes`}`,
    members: `${base}/account/members`,
    audit: `${base}/account/audit`,
    settings: `${base}/account/settings`,
    production: `${base}/account/production`,
  } as const
}

/** Pages that lists lead to: on a switch of the environment their list is shown, because ids belong to one. */
const lists = [/^(\/account\/api-clients)\/.+/, /^(\/signature|\/identification|\/events)\/.+/]

/** The same page in another environment. @returns its address, and whether it is the list instead of the thing. */
export function inEnvironment(path: string, environment: Environment): { href: string; isList: boolean } {
  const rest = path.replace(/^\/(test|production)/, '')
  const list = lists.map((pattern) => pattern.exec(rest)?.[1]).find((found) => found !== undefined)
  if (list !== undefined && rest !== '/account/api-clients/new')
    return { href: `/${environment}${list}`, isList: true }
  return { href: rest === path ? `/${environment}/home` : `/${environment}${rest}`, isList: false }
}
