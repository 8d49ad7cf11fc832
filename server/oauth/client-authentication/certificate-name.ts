// The names in a certificate, as RFC 8705 §2.1.2 compares them with what is registered.
import type { X509Certificate } from 'node:crypto'
import { alternativeNames, readDistinguishedName } from '../../clients/certificate-name.ts'
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
