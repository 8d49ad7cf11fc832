// What people send and are told, for validation, types and the API reference.
import { Type } from 'typebox'
import { roles } from '../vocabulary/permission.ts'
import { passwordLength } from './password.ts'

const strict = { additionalProperties: false }

export const email = Type.String({ format: 'email', maxLength: 254, description: 'A mail address.' })

export const newPassword = Type.String({
  minLength: passwordLength.min,
  maxLength: passwordLength.max,
  description: `At least ${passwordLength.min} characters, of any kind.`,
})

/** A password that is compared: whatever was sent is not the right one or it is. */
export const password = Type.String({ minLength: 1, maxLength: passwordLength.max })

/** A name for people. Kept as it is sent. */
export const name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
  description: 'For people. Kept as it is sent: show it as text, never as HTML.',
})

export const token = Type.String({
  minLength: 20,
  maxLength: 100,
  description: 'What stands behind #token= in the link of the mail.',
})

export const code = Type.String({ pattern: '^[0-9]{6}$', description: 'The code that the app shows.' })

export const signUpBody = Type.Object({ email, password: newPassword, company: name }, strict)
export const signInBody = Type.Object({ email, password }, strict)
export const secondFactorBody = Type.Object(
  {
    code: Type.Optional(code),
    recoveryCode: Type.Optional(Type.String({ minLength: 5, maxLength: 40 })),
  },
  { ...strict, minProperties: 1, maxProperties: 1 },
)
export const emailBody = Type.Object({ email }, strict)
export const newPasswordBody = Type.Object({ token, password: newPassword }, strict)
export const tokenBody = Type.Object({ token }, strict)

export const signInAnswer = Type.Object({
  state: Type.Enum(['signed_in', 'two_factor_needed'], {
    description: 'two_factor_needed: POST /account/sign-in/two-factor comes next.',
  }),
})

export const confirmationAnswer = Type.Object({
  ...signInAnswer.properties,
  clientsDisabled: Type.Integer({
    description: 'How many clients were disabled. Enable those that are yours.',
  }),
})

export const role = Type.Enum([...roles], { description: 'Each may what those after it may.' })
