// Stored tokens are of no use to whoever has the store but not the credential: RFC 5869 (HKDF), AES-256-GCM.
import { fromBase64, toBase64Url, toHex, utf8 } from '../text/encoding.ts'

export interface Seal {
  /** The name of the entry: it tells nothing about what it is made from. */
  name: string
  close: (text: string) => Promise<string>
  /** @returns undefined for what this seal did not close. */
  open: (sealed: string) => Promise<string | undefined>
}

const algorithm = 'AES-GCM'
const nonceBytes = 12

/**
 * @param material what only the holder of the credential knows.
 * @param context what the token depends on: each has a name and a key of its own.
 */
export async function createSeal(material: Uint8Array<ArrayBuffer>, context: string): Promise<Seal> {
  const source = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits', 'deriveKey'])
  const derivation = (use: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: utf8('@latchkey/client'),
    info: utf8(`${use} ${context}`),
  })
  const usage: KeyUsage[] = ['encrypt', 'decrypt']
  const kind = { name: algorithm, length: 256 }
  const key = await crypto.subtle.deriveKey(derivation('key'), source, kind, false, usage)
  return {
    name: toHex(await crypto.subtle.deriveBits(derivation('name'), source, 128)),
    async close(text) {
      const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
      const sealed = await crypto.subtle.encrypt({ name: algorithm, iv }, key, utf8(text))
      return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
    },
    async open(sealed) {
      try {
        const bytes = fromBase64(sealed)
        const parameters = { name: algorithm, iv: bytes.slice(0, nonceBytes) }
        return new TextDecoder().decode(await crypto.subtle.decrypt(parameters, key, bytes.slice(nonceBytes)))
      } catch {
        return undefined
      }
    },
  }
}
