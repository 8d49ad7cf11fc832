// The form-shaped state of an API client: what is typed, what that says to the server, and two versions brought together.
import { ApiProblem, isRecord } from '../../api.ts'
import type { FieldErrors } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'
import type { Client } from './queries.ts'

export type Method = Client['authenticationMethods'][number]
type Certificate = NonNullable<Client['tlsClientAuth']>
export type CertificateKind = Certificate['kind']

/** Texts as they are typed: nothing is lost, whatever they are. */
export interface ClientForm {
  name: string
  description: string
  scopes: readonly string[]
  tokenLifetimeSeconds: string
  /** One in a line. */
  allowedNetworks: string
  tokenQuotaPerHour: string
  authenticationMethods: readonly Method[]
  keys: 'none' | 'jwks' | 'jwksUri'
  jwks: string
  jwksUri: string
  certificateKind: CertificateKind
  certificateValue: string
  certificateAuthorities: string
  dpopBoundAccessTokens: boolean
  certificateBoundAccessTokens: boolean
}

export function formOf(client: Client): ClientForm {
  const { jwks, jwksUri, tlsClientAuth } = client
  return {
    name: client.name,
    description: client.description,
    scopes: client.scopes.toSorted(),
    tokenLifetimeSeconds: String(client.tokenLifetimeSeconds),
    allowedNetworks: client.allowedNetworks.join('\n'),
    tokenQuotaPerHour: client.tokenQuotaPerHour === null ? '' : String(client.tokenQuotaPerHour),
    authenticationMethods: client.authenticationMethods,
    keys: jwks ? 'jwks' : jwksUri === null ? 'none' : 'jwksUri',
    jwks: jwks ? JSON.stringify(jwks, null, 2) : '',
    jwksUri: jwksUri ?? '',
    certificateKind: tlsClientAuth?.kind ?? 'san_dns',
    certificateValue: tlsClientAuth?.value ?? '',
    certificateAuthorities: tlsClientAuth?.authorities ?? '',
    dpopBoundAccessTokens: client.dpopBoundAccessTokens,
    certificateBoundAccessTokens: client.certificateBoundAccessTokens,
  }
}

/** What can be seen to be wrong without the server. */
export function checkForm(form: ClientForm): FieldErrors {
  const text = words.clientEdit.errors
  return {
    name: form.name.trim() === '' ? text.name : undefined,
    tokenLifetimeSeconds: isWhole(form.tokenLifetimeSeconds, 60, 86_400) ? undefined : text.lifetime,
    tokenQuotaPerHour:
      form.tokenQuotaPerHour.trim() === '' || isWhole(form.tokenQuotaPerHour, 1, 10_000_000)
        ? undefined
        : text.quota,
    authenticationMethods: form.authenticationMethods.length === 0 ? text.methods : undefined,
    jwks: form.keys === 'jwks' && parseKeys(form.jwks) === undefined ? text.jwks : undefined,
    jwksUri: form.keys === 'jwksUri' && !/^https:\/\/./.test(form.jwksUri.trim()) ? text.jwksUri : undefined,
  }
}

/** What the form says, by the names of the API. */
export function membersOf(form: ClientForm) {
  const hasCertificate = form.certificateValue.trim() !== '' || form.certificateAuthorities.trim() !== ''
  return {
    name: form.name.trim(),
    description: form.description.replaceAll(/\s+/g, ' ').trim(),
    scopes: form.scopes.toSorted(),
    tokenLifetimeSeconds: Number(form.tokenLifetimeSeconds),
    allowedNetworks: form.allowedNetworks.split(/[\s,]+/).filter((network) => network !== ''),
    tokenQuotaPerHour: form.tokenQuotaPerHour.trim() === '' ? null : Number(form.tokenQuotaPerHour),
    authenticationMethods: [...form.authenticationMethods].toSorted(),
    jwks: form.keys === 'jwks' ? (parseKeys(form.jwks) ?? null) : null,
    jwksUri: form.keys === 'jwksUri' ? form.jwksUri.trim() : null,
    tlsClientAuth: hasCertificate
      ? {
          kind: form.certificateKind,
          value: form.certificateValue.trim(),
          authorities: form.certificateAuthorities.trim(),
        }
      : null,
    dpopBoundAccessTokens: form.dpopBoundAccessTokens,
    certificateBoundAccessTokens: form.certificateBoundAccessTokens,
  }
}

export type Members = ReturnType<typeof membersOf>

/** The members that differ from what was there: only these are sent. */
export function changesOf(base: ClientForm, form: ClientForm): Partial<Members> {
  const before = new Map(Object.entries(membersOf(base)))
  const after = membersOf(form)
  const isSame = (name: keyof Members) => JSON.stringify(before.get(name)) === JSON.stringify(after[name])
  return {
    ...(!isSame('name') && { name: after.name }),
    ...(!isSame('description') && { description: after.description }),
    ...(!isSame('scopes') && { scopes: after.scopes }),
    ...(!isSame('tokenLifetimeSeconds') && { tokenLifetimeSeconds: after.tokenLifetimeSeconds }),
    ...(!isSame('allowedNetworks') && { allowedNetworks: after.allowedNetworks }),
    ...(!isSame('tokenQuotaPerHour') && { tokenQuotaPerHour: after.tokenQuotaPerHour }),
    ...(!isSame('authenticationMethods') && { authenticationMethods: after.authenticationMethods }),
    ...(!isSame('jwks') && { jwks: after.jwks }),
    ...(!isSame('jwksUri') && { jwksUri: after.jwksUri }),
    ...(!isSame('tlsClientAuth') && { tlsClientAuth: after.tlsClientAuth }),
    ...(!isSame('dpopBoundAccessTokens') && { dpopBoundAccessTokens: after.dpopBoundAccessTokens }),
    ...(!isSame('certificateBoundAccessTokens') && {
      certificateBoundAccessTokens: after.certificateBoundAccessTokens,
    }),
  }
}

/** What was typed, on top of what somebody else saved meanwhile: of scopes what was added and taken away counts. */
export function rebase(base: ClientForm, form: ClientForm, fresh: ClientForm): ClientForm {
  const { added, removed } = scopeChange(base.scopes, form.scopes)
  const mine = Object.entries(form).filter(([name, value]) => {
    const before = Object.entries(base).find(([other]) => other === name)?.[1]
    return name !== 'scopes' && JSON.stringify(before) !== JSON.stringify(value)
  })
  const kept = fresh.scopes.filter((scope) => !removed.includes(scope))
  return {
    ...fresh,
    ...Object.fromEntries(mine),
    scopes: [...new Set([...kept, ...added])].toSorted(),
  }
}

export function scopeChange(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((scope) => !before.includes(scope)),
    removed: before.filter((scope) => !after.includes(scope)),
  }
}

/** The id of the check box of a scope. */
export function scopeFieldId(scope: string): string {
  return `scope-${scope}`
}

/** The scope whose check box has this id, if it is one. */
export function scopeOfField(id: string): string | undefined {
  return id.startsWith('scope-') ? id.slice('scope-'.length) : undefined
}

/** What a refusal says of single fields, by their ids. */
export function serverErrors(error: unknown): FieldErrors {
  if (!(error instanceof ApiProblem) || !Array.isArray(error.members.errors)) return {}
  const found = new Map<string, string>()
  for (const entry of error.members.errors) {
    if (!isRecord(entry) || typeof entry.field !== 'string' || typeof entry.message !== 'string') continue
    const named = fieldError(entry.field, entry.message)
    if (!named) continue
    const before = found.get(named.id)
    found.set(named.id, before === undefined ? named.text : `${before} ${named.text}`)
  }
  return Object.fromEntries(found)
}

/** @param field e.g. `body.scopes.event` and `body.allowedNetworks.1`. */
function fieldError(field: string, message: string): { id: string; text: string } | undefined {
  const scope = /^body\.scopes\.(.+)$/.exec(field)?.[1]
  if (scope !== undefined && !/^\d+$/.test(scope)) return { id: scopeFieldId(scope), text: message }
  const [, member, index] = /^body\.([A-Za-z]+)(?:\.(\d+))?/.exec(field) ?? []
  if (member === undefined) return undefined
  const label = words.clientEdit.members[member] ?? member
  const place = index === undefined ? label : words.clientEdit.errors.line(label, Number(index) + 1)
  return {
    id: memberFields[member] ?? member,
    text: `${place}: ${message.replace(/^[A-Za-z]+(\.\w+)*: /, '')}`,
  }
}

const memberFields: Readonly<Record<string, string>> = { tlsClientAuth: 'certificateValue' }

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d{1,9}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most
}

/** RFC 7517: a key set, or a key alone. */
function parseKeys(text: string): { keys: Record<string, unknown>[] } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value)) return undefined
    const keys: unknown = 'kty' in value ? [value] : value.keys
    return Array.isArray(keys) && keys.length > 0 && keys.every(isRecord) ? { keys } : undefined
  } catch {
    return undefined
  }
}
