/** A document of the signature API: its rules, without any storage. */
export interface Document {
  id: string
  /** The name of the uploaded file, for people only; nothing is stored under it. */
  name: string
  status: 'unsigned'
  sizeBytes: number
  /** SHA-256 of the uploaded bytes, hex. */
  sha256: string
  /** Milliseconds. */
  createdAt: number
}

/** The largest file that is taken. */
export const fileLimitBytes = 25 * 1024 * 1024

/** Readers look for the header in the first 1,024 bytes (ISO 32000-2, Annex J.3). */
export const headerSearchBytes = 1024

/** True when a file begins like a PDF, whatever its Content-Type says. */
export function looksLikePdf(firstBytes: Buffer): boolean {
  return firstBytes.subarray(0, headerSearchBytes).includes('%PDF-')
}

const unnamed = 'document.pdf'

/** A file name as data: no folders, no control or direction characters, at most 200 characters. */
export function cleanFileName(name: string | undefined): string {
  const base = (name ?? '').split(/[\\/]/).at(-1) ?? ''
  const clean = base.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim()
  return [...clean].slice(0, 200).join('') || unnamed
}
