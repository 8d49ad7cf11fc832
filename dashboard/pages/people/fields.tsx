// The fields that sign-up, sign-in and their like have in common; each with the id that the server's errors name.
import { Box, PasswordInput, Progress, Text, TextInput } from '@mantine/core'
import type { FormState } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'

interface FieldProps {
  form: FormState
  value: string
  onChange: (value: string) => void
}

const text = words.people
const shortest = 12
const strong = 18

export function EmailField({ form, value, onChange }: FieldProps) {
  return (
    <TextInput
      id="email"
      type="email"
      label={text.fields.email}
      autoComplete="username"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={form.errors.email}
    />
  )
}

export function NameField({ form, value, onChange }: FieldProps) {
  return (
    <TextInput
      id="name"
      label={text.fields.name}
      autoComplete="name"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={form.errors.name}
    />
  )
}

/** A password that exists. */
export function PasswordField({
  form,
  value,
  onChange,
  id = 'password',
  label = text.fields.password,
}: FieldProps & { id?: string; label?: string }) {
  return (
    <PasswordInput
      id={id}
      label={label}
      autoComplete="current-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={form.errors[id]}
      visibilityToggleButtonProps={{ 'aria-label': text.show }}
    />
  )
}

/** A new one: how long is long enough is said while one types. */
export function NewPasswordField({
  form,
  value,
  onChange,
  id = 'password',
  label = text.fields.password,
}: FieldProps & { id?: string; label?: string }) {
  const grade = value.length < shortest ? 0 : value.length < strong ? 1 : 2
  const word = text.strengths[grade] ?? ''
  return (
    <Box>
      <PasswordInput
        id={id}
        label={label}
        description={text.passwordRule}
        autoComplete="new-password"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={form.errors[id]}
        visibilityToggleButtonProps={{ 'aria-label': text.show }}
      />
      {value !== '' && (
        <Box mt={6}>
          <Progress
            value={Math.min(100, (value.length / strong) * 100)}
            size={4}
            color={grade === 0 ? 'yellow' : 'latch'}
            aria-label={text.strength(word)}
          />
          <Text size="sm" c="dimmed" mt={4}>
            {grade === 0 ? text.passwordShort(shortest - value.length) : text.strength(word)}
          </Text>
        </Box>
      )}
    </Box>
  )
}

/** What a form can say itself of a new password. */
export function newPasswordError(value: string): string | undefined {
  return value.length < shortest ? text.passwordShort(shortest - value.length) : undefined
}

export function emailError(value: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(value.trim()) ? undefined : text.missing.email
}
