/**
 * Whether the `htu` of a proof names the address of a call (RFC 9449 §4.3): after the normalisation of
 * RFC 3986 §6.2.2 and §6.2.3, without query and fragment.
 */
export function sameAddress(htu: string, url: string): boolean {
  const named = normalised(htu)
  return named !== undefined && named === normalised(url)
}

function normalised(text: string): string | undefined {
  // The parser forgives spaces, backslashes and missing slashes; a proof is made by a program.
  if (!/^https?:\/\/[!-[\]-~]+$/i.test(text)) return undefined
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return undefined
  // The parser did letter case of scheme and host, the default port and dot segments; percent-encoding is left.
  const path = url.pathname.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : encoded.toUpperCase()
  })
  return url.origin + path
}
