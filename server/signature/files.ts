import { createHash } from 'node:crypto'
import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Problem } from '../vocabulary/problem.ts'
import { fileLimitBytes, headerSearchBytes, looksLikePdf } from './document.ts'

/** No request lives this long. */
const abandonedAfterMs = 10 * 60_000

/** A file that lies on disk but does not count yet. */
export interface ReceivedFile {
  sizeBytes: number
  sha256: string
  /** Makes it the file of a document, for good: synced before it returns. */
  keep: (documentId: string) => Promise<void>
  discard: () => Promise<void>
}

/** Where the uploaded bytes are; stored under the document's id, never under a caller's name. */
export interface DocumentFiles {
  /** Streams a file to disk. @throws {Problem} when it is too large or no PDF; then nothing is left. */
  receive: (stream: Readable) => Promise<ReceivedFile>
  read: (documentId: string) => ReadStream
  remove: (documentId: string) => Promise<void>
  /** The ids of all files that lie here long enough to be sure that their document was recorded, or never will be. */
  listSettled: () => Promise<string[]>
}

export async function openDocumentFiles(folder: string): Promise<DocumentFiles> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  await removeAbandoned(incoming)
  let received = 0
  return {
    async receive(stream) {
      received += 1
      const path = join(incoming, `${process.pid}-${received}.part`)
      try {
        return {
          ...(await writeSynced(stream, path)),
          keep: (id) => keep(path, folder, id),
          discard: () => rm(path, { force: true }),
        }
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    read: (documentId) => createReadStream(join(folder, `${documentId}.pdf`)),
    remove: (documentId) => rm(join(folder, `${documentId}.pdf`), { force: true }),
    async listSettled() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.pdf'))
      const settled = await Promise.all(names.map((name) => isAbandoned(join(folder, name))))
      return names.filter((_name, index) => settled[index]).map((name) => name.slice(0, -'.pdf'.length))
    },
  }
}

/** What a crash left half-received was never acknowledged. Another node's upload of this minute stays. */
async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    if (await isAbandoned(path)) await rm(path, { force: true })
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined)
  return facts !== undefined && Date.now() - facts.mtimeMs > abandonedAfterMs
}

async function writeSynced(stream: Readable, path: string): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  let sizeBytes = 0
  let head = Buffer.alloc(0)
  try {
    for await (const chunk of stream) {
      sizeBytes += chunk.length
      if (sizeBytes > fileLimitBytes)
        throw new Problem(
          'payload_too_large',
          'The file is larger than 25 MB, the most that a document may have.',
        )
      if (head.length < headerSearchBytes) head = Buffer.concat([head, chunk]).subarray(0, headerSearchBytes)
      hash.update(chunk)
      await file.write(chunk)
    }
    if (!looksLikePdf(head))
      throw new Problem(
        'invalid_document',
        'The file is not a PDF: it does not begin with %PDF-. Send the PDF itself in the field file.',
      )
    await file.sync()
  } finally {
    await file.close()
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

async function keep(path: string, folder: string, documentId: string): Promise<void> {
  await rename(path, join(folder, `${documentId}.pdf`))
  // The new name is only safe when the folder is synced too.
  const directory = await open(folder, 'r')
  await directory.sync().finally(() => directory.close())
}
