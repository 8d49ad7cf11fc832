// Examples say $LATCHKEY_URL and https://api.example; a reader sees the addresses of the server that he reads.

/** Fills the address of this server into a text. @param publicUrl its origin. */
export function fillUrl(text: string, publicUrl: string): string {
  return text
    .replace(/\$\{LATCHKEY_URL\}|\$LATCHKEY_URL\b/g, publicUrl)
    .replaceAll('https://api.example', publicUrl)
    .replaceAll('Host: api.example', `Host: ${new URL(publicUrl).host}`)
}

/** Fills a client id into the examples of a page. A secret never: it stays `$LATCHKEY_CLIENT_SECRET`. */
export function fillClient(text: string, clientId: string): string {
  return text.replace(/\$\{LATCHKEY_CLIENT_ID\}|\$LATCHKEY_CLIENT_ID\b/g, clientId)
}
