import type { ApiDefinition } from '../vocabulary/api-definition.ts'

export const signatureApi: ApiDefinition = {
  id: 'signature',
  name: 'Signature',
  description: 'Documents to be signed, and their files',
  scopes: [
    { name: 'document_read', description: 'Read access to documents' },
    { name: 'document_write', description: 'Write access to documents' },
    { name: 'document_file', description: 'Download files, signed and unsigned' },
  ],
}
