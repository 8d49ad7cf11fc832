// The names by which a client's certificate is registered (RFC 8705 §2.1.2), each in one spelling.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { TlsClientAuth } from './client.ts'

/** True when a value can be a name of its kind. */
export function isNameOfKind({ kind, value }: TlsClientAuth): boolean {
  if (kind === 'subject_dn') return readDistinguishedName(value) !== undefined
  return alternativeNames[kind].normalise(value) !== undefined
}

// RFC 5280 §4.2.1.6, by the labels that OpenSSL prints.
/** The kinds of alternative names: how they are called in a certificate, and the one spelling of each. */
export const alternativeNames = {
  // RFC 4343: names of the DNS have no letter case.
  san_dns: { label: 'DNS', normalise: (text: string) => text.toLowerCase() },
  san_uri: { label: 'URI', normalise: (text: string) => text },
  san_email: { label: 'email', normalise: (text: string) => text },
  san_ip: {
    label: 'IP Address',
    // Node and the package do not take the same texts for addresses.
    normalise: (text: string) =>
      isIP(text) && ipaddr.isValid(text) ? ipaddr.parse(text).toNormalizedString() : undefined,
  },
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
