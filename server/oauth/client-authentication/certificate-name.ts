// The names in a certificate, as RFC 8705 §2.1.2 compares them with what is registered.
import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { TlsClientAuth } from '../../clients/client.ts'

/** True when the certificate has the registered name: the subject, or one name of the registered kind. */
export function hasName(certificate: X509Certificate, { kind, value }: TlsClientAuth): boolean {
  if (kind === 'subject_dn') {
    const wanted = readDistinguishedName(value)
    return wanted !== undefined && wanted === subjectOf(certificate)
  }
  const { label, normalise } = alternativeNames[kind]
  const wanted = normalise(value)
  return alternativeNamesOf(certificate).some(
    (name) => name.label === label && wanted !== undefined && normalise(name.value) === wanted,
  )
}

// RFC 5280 §4.2.1.6, by the labels that OpenSSL prints.
const alternativeNames = {
  // RFC 4343: names of the DNS have no letter case.
  san_dns: { label: 'DNS', normalise: (text: string) => text.toLowerCase() },
  san_uri: { label: 'URI', normalise: (text: string) => text },
  san_email: { label: 'email', normalise: (text: string) => text },
  san_ip: {
    label: 'IP Address',
    normalise: (text: string) => (isIP(text) ? ipaddr.parse(text).toNormalizedString() : undefined),
  },
}

/** True when a value can be a name of its kind. */
export function isNameOfKind({ kind, value }: TlsClientAuth): boolean {
  if (kind === 'subject_dn') return readDistinguishedName(value) !== undefined
  return alternativeNames[kind].normalise(value) !== undefined
}

/**
 * A distinguished name in one spelling: types in capitals, values without escapes, most specific first.
 * @param text by RFC 4514 §2, e.g. `CN=orders,O=Acme,C=NO`.
 * @returns undefined when it is none.
 */
export function readDistinguishedName(text: string): string | undefined {
  const names = splitAt(text, ',').map((name) => splitAt(name, '+').map(readAttribute))
  if (names.flat().includes(undefined)) return undefined
  // RFC 4514 §2.2: the order inside a multi-valued name says nothing.
  return JSON.stringify(names.map((name) => name.map((attribute) => JSON.stringify(attribute)).sort()))
}

function readAttribute(text: string): [string, string] | undefined {
  const [, type, escaped] = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*(.*?)\s*$/s.exec(text) ?? []
  if (type === undefined || escaped === undefined) return undefined
  // A trailing escaped space was trimmed above together with those that mean nothing.
  const value = /\\$/.test(escaped.replaceAll('\\\\', '')) ? `${escaped} ` : escaped
  const bytes = value.replaceAll(/(?:\\[0-9a-fA-F]{2})+|\\(.)/gs, (found, character?: string) =>
    character === undefined ? Buffer.from(found.replaceAll('\\', ''), 'hex').toString('utf8') : character,
  )
  return [type.toUpperCase(), bytes]
}

/** Splits at a separator that is not escaped (RFC 4514 §2.4). */
function splitAt(text: string, separator: ',' | '+'): string[] {
  const parts = text.match(separator === ',' ? /(?:\\.|[^\\,])+/gs : /(?:\\.|[^\\+])+/gs) ?? []
  return parts.length > 0 ? parts : ['']
}

/** Node prints one relative name a line, the most general first, with the escapes of RFC 2253. */
function subjectOf({ subject }: X509Certificate): string | undefined {
  if (!subject) return undefined
  return readDistinguishedName(subject.split('\n').reverse().join(','))
}

interface AlternativeName {
  label: string
  value: string
}

/** Node quotes as JSON every name that could be taken for more than one (CVE-2021-44532). */
function alternativeNamesOf({ subjectAltName }: X509Certificate): AlternativeName[] {
  const found = (subjectAltName ?? '').matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/g)
  return [...found].map(([, label = '', value = '']) => ({
    label,
    value: value.startsWith('"') ? String(JSON.parse(value)) : value,
  }))
}
