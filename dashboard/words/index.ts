// All that people read in the dashboard. A language is a folder with the same files; another one is chosen here.
import { clients } from './en/clients.ts'
import { common } from './en/common.ts'
import { shell } from './en/shell.ts'

export const words = { clients, common, shell } as const

/** The language of the texts, for `lang` and for how numbers and times are written. */
export const language = 'en'
