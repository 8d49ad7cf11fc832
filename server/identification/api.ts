import type { ApiDefinition } from '../vocabulary/api-definition.ts'

export const identificationApi: ApiDefinition = {
  id: 'identification',
  name: 'Identification',
  description: 'Who a person is, found out in a browser',
  scopes: [{ name: 'identify', description: 'Read and write access to identifications' }],
}
