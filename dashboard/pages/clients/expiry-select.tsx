import { NativeSelect } from '@mantine/core'
import * as words from '../../words/index.ts'

const expiries = ['30', '90', '180', '365', 'never'] as const

/** Days, or never. */
export type Expiry = (typeof expiries)[number]

export function isExpiry(text: string): text is Expiry {
  return expiries.some((expiry) => expiry === text)
}

/** As a creation says it. */
export function expiryOf(expiry: Expiry): { expiresInDays?: number; expiresAt?: null } {
  return expiry === 'never' ? { expiresAt: null } : { expiresInDays: Number(expiry) }
}

/** As a change says it: a moment. */
export function momentOf(expiry: Expiry): string | null {
  return expiry === 'never' ? null : new Date(Date.now() + Number(expiry) * 86_400_000).toISOString()
}

export function ExpirySelect({
  value,
  onChange,
  label = words.secrets.expiry,
  description,
}: {
  value: Expiry
  onChange: (expiry: Expiry) => void
  label?: string
  description?: string
}) {
  return (
    <NativeSelect
      label={label}
      {...(description !== undefined && { description })}
      maw={320}
      value={value}
      data={expiries.map((expiry) => ({ value: expiry, label: words.secrets.expiries[expiry] }))}
      onChange={(event) => {
        const expiry = event.currentTarget.value
        if (isExpiry(expiry)) onChange(expiry)
      }}
    />
  )
}
