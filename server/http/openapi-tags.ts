// The groups of operations, in the order in which people need them.

/** Each tag of the OpenAPI document and what its operations are for. */
export const tags: readonly { name: string; description: string }[] = [
  {
    name: 'Tokens',
    description:
      'Request, look up and revoke access tokens; the metadata and keys of the authorization server.',
  },
  { name: 'Signature', description: 'Documents and their files.' },
  { name: 'Notification', description: 'What happened to the documents and identifications of the account.' },
  { name: 'Identification', description: 'Sessions in which a person proves who he is.' },
  {
    name: 'API clients',
    description: 'API clients and their secrets: create, change, rotate, disable, delete.',
  },
  {
    name: 'Activity',
    description: 'Token requests and API calls: what happened, why, and how well tokens are reused.',
  },
  { name: 'Catalogue', description: 'The APIs and scopes that there are.' },
  { name: 'Accounts', description: 'The account, and its way to production; all accounts, for operators.' },
  { name: 'Audit', description: 'Who changed what.' },
  {
    name: 'Members',
    description: 'Who belongs to the account, and invitations. For members at the dashboard only.',
  },
  {
    name: 'People',
    description:
      'Sign-up, sign-in, second factor and sessions of a person. For members at the dashboard only.',
  },
  { name: 'Contents', description: 'What the APIs hold of the account, as members see it at the dashboard.' },
  { name: 'Deployment', description: 'Signing keys and the state of the system, for operators.' },
  { name: 'Service', description: 'Health, this document, and reports of leaked secrets.' },
]
