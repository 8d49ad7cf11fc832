// Certificates for tests (RFC 5280), made on the spot: ECDSA with P-256, any name, date and usage.
import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { bits, integer, octets, oid, sequence, set, text, time, tlv, yes } from './der.ts'

export interface CertificateWish {
  /** Relative names, the most general first; several attributes in one make a multi-valued name. */
  subject?: readonly Readonly<Record<string, string>>[]
  /** Alternative names: `DNS:…`, `URI:…`, `IP:…`, `email:…`. */
  names?: readonly string[]
  validFrom?: number
  validTo?: number
  isAuthority?: boolean
  /** Extended key usages, as OIDs. */
  usages?: readonly string[]
  /** Who signs it; left out: itself. */
  issuer?: TestCertificate
  /** The key that signs, when it is another than the issuer's own. */
  signingKey?: KeyObject
}

export interface TestCertificate {
  x509: X509Certificate
  /** The certificate as PEM. */
  pem: string
  /** Its private key as PEM. */
  keyPem: string
  key: KeyObject
  subject: Buffer
  /** As RFC 9440 §2.1 hands it on. */
  header: string
  /** As a JWK set that registers it (RFC 8705 §2.2). */
  jwks: { keys: Record<string, unknown>[] }
}

const attributes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
}
const nameTags: Readonly<Record<string, number>> = { email: 0x81, DNS: 0x82, URI: 0x86, IP: 0x87 }
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const always = { from: Date.UTC(2020, 0), to: Date.UTC(2099, 0) }

export function makeCertificate(wish: CertificateWish = {}): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = nameOf(wish.subject ?? [{ O: 'Acme' }, { CN: 'orders' }])
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    wish.issuer?.subject ?? subject,
    sequence(time(wish.validFrom ?? always.from), time(wish.validTo ?? always.to)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    tlv(0xa3, sequence(...extensionsOf(wish))),
  )
  const signature = sign('sha256', body, wish.signingKey ?? wish.issuer?.key ?? privateKey)
  const der = sequence(body, ecdsaWithSha256, bits(signature))
  const x509 = new X509Certificate(der)
  const encoded = der.toString('base64')
  return {
    x509,
    pem: x509.toString(),
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    key: privateKey,
    subject,
    header: `:${encoded}:`,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), x5c: [encoded] }] },
  }
}

function nameOf(relativeNames: readonly Readonly<Record<string, string>>[]): Buffer {
  const attribute = ([type, value]: [string, string]) => sequence(oid(attributes[type] ?? type), text(value))
  return sequence(...relativeNames.map((name) => set(...Object.entries(name).map(attribute))))
}

function extensionsOf({ isAuthority, names, usages }: CertificateWish): Buffer[] {
  const extension = (id: string, value: Buffer) => sequence(oid(id), yes, octets(value))
  // keyCertSign for an authority, digitalSignature for the rest (RFC 5280 §4.2.1.3).
  const usage = bits(Buffer.from([isAuthority ? 0x04 : 0x80]), isAuthority ? 2 : 7)
  return [
    extension('2.5.29.19', isAuthority ? sequence(yes) : sequence()),
    extension('2.5.29.15', usage),
    ...(names ? [extension('2.5.29.17', sequence(...names.map(alternativeName)))] : []),
    ...(usages ? [extension('2.5.29.37', sequence(...usages.map(oid)))] : []),
  ]
}

function alternativeName(name: string): Buffer {
  const [, kind = '', value = ''] = /^(\w+):(.*)$/s.exec(name) ?? []
  return tlv(
    nameTags[kind] ?? 0x82,
    isIP(value) === 4 ? Buffer.from(value.split('.').map(Number)) : Buffer.from(value),
  )
}
