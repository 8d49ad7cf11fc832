// All that people read in the dashboard. A language is a folder with the same files; another one is chosen here.

import { audit } from './en/audit.ts'
import { clientEdit } from './en/client-edit.ts'
import { clients } from './en/clients.ts'
import { common } from './en/common.ts'
import { contents } from './en/contents.ts'
import { home } from './en/home.ts'
import { logs } from './en/logs.ts'
import { operator } from './en/operator.ts'
import { people } from './en/people.ts'
import { production } from './en/production.ts'
import { scopes } from './en/scopes.ts'
import { secrets } from './en/secrets.ts'
import { shell } from './en/shell.ts'
import { tryIt } from './en/try-it.ts'

export const words = {
  operator,
  audit,
  contents,
  logs,
  home,
  people,
  production,
  scopes,
  clientEdit,
  tryIt,
  secrets,
  clients,
  common,
  shell,
} as const

/** The language of the texts, for `lang` and for how numbers and times are written. */
export const language = 'en'
