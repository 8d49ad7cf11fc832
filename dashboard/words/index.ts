// All that people read in the dashboard. A language is a folder with the same files; another one is chosen here.
// Pages import it as a namespace: each chunk then holds the texts of its own pages alone.
export { audit } from './en/audit.ts'
export { clientEdit } from './en/client-edit.ts'
export { clients } from './en/clients.ts'
export { contents } from './en/contents.ts'
export { device } from './en/device.ts'
export { home } from './en/home.ts'
export { logs } from './en/logs.ts'
export { operator } from './en/operator.ts'
export { people } from './en/people.ts'
export { production } from './en/production.ts'
export { scopes } from './en/scopes.ts'
export { secrets } from './en/secrets.ts'
export { shell } from './en/shell.ts'
export { tryIt } from './en/try-it.ts'
export { ui } from './en/ui.ts'

/** The language of the texts, for `lang` and for how numbers and times are written. */
export const language = 'en'
