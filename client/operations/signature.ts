import { type Api, type CallOptions, call, callForJson, type List, listAt, segment } from './call.ts'
import type { paths } from './openapi-types.ts'

/** A document as the API shows it. */
export type Document =
  paths['/signature/documents/{documentId}']['get']['responses'][200]['content']['application/json']

/** A PDF to upload. */
export interface NewDocument extends CallOptions {
  /** The PDF: a `Blob` or `File` (`fs.openAsBlob(path)` makes one without reading it), or its bytes. */
  file: Blob | Uint8Array<ArrayBuffer> | ArrayBuffer
  /** The name of the document. Default: that of a `File`, else `document.pdf`. */
  name?: string | undefined
}

export interface Signature {
  documents: List<Document> & {
    /** Creates a document from a PDF of up to 25 MB. Scope `document_write`. */
    create: (document: NewDocument) => Promise<Document>
    /** Scope `document_read`. */
    get: (documentId: string, options?: CallOptions) => Promise<Document>
    /** The file as it was uploaded: the body of the answer is the PDF. Scope `document_file`. */
    download: (documentId: string, options?: CallOptions) => Promise<Response>
  }
}

const path = '/signature/documents'

/**
 * The signature API, typed. Each operation throws `InsufficientScopeError`, `TokenRefusedError` or `ApiError` when
 * it is refused.
 *
 * @example
 * const { documents } = signature(createClient({ scopes: ['document_read'] }))
 * for await (const { id, name } of documents.all()) console.log(id, name)
 */
export function signature(api: Api): Signature {
  return {
    documents: {
      ...listAt<Document>(api, path),
      async create({ file, name, ...options }) {
        const blob = file instanceof Blob ? file : new Blob([file], { type: 'application/pdf' })
        const form = new FormData()
        form.set('file', blob, name ?? (blob instanceof File ? blob.name : 'document.pdf'))
        return callForJson(api, path, options, { method: 'POST', body: form })
      },
      get: async (documentId, options = {}) => callForJson(api, `${path}/${segment(documentId)}`, options),
      download: async (documentId, options = {}) =>
        call(api, `${path}/${segment(documentId)}/files/unsigned`, {}, options),
    },
  }
}
