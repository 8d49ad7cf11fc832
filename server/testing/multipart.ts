export interface Part {
  name: string
  /** With a name it is a file, without one a text. */
  fileName?: string
  content: Buffer
}

/** A multipart body as a browser or curl writes it (RFC 7578). */
export function multipart(parts: readonly Part[]): { headers: Record<string, string>; payload: Buffer } {
  const boundary = 'boundary-of-a-test'
  const chunks = parts.flatMap(({ name, fileName, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    ),
    Buffer.from(`${fileName === undefined ? '' : 'Content-Type: application/pdf\r\n'}\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  }
}
