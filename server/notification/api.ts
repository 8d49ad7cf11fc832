import type { ApiDefinition } from '../vocabulary/api-definition.ts'

export const notificationApi: ApiDefinition = {
  id: 'notification',
  name: 'Notification',
  description: 'What happened, told to your systems',
  scopes: [{ name: 'event', description: 'Full access to events' }],
}
