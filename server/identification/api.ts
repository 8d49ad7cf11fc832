import type { ApiDefinition } from '../vocabulary/api-definition.ts'

export const identificationApi: ApiDefinition = {
  id: 'identification',
  name: 'Identification',
  scopes: [{ name: 'identify', description: 'Read and write access to identifications' }],
}
