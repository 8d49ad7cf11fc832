import { Type } from 'typebox'
import { role } from './schemas.ts'

export const memberAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  emailConfirmed: Type.Boolean(),
  role,
  twoFactor: Type.Boolean(),
  joinedAt: Type.String({ format: 'date-time' }),
  version: Type.Integer({ description: 'What the ETag says.' }),
})

export const invitationAnswer = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role,
  invitedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'The name of the member; null: he has left.',
  }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
})
