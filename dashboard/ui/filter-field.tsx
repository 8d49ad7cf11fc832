// A filter that is typed: after a short pause it stands in the address, with what is known suggested by the browser.
import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useId, useState } from 'react'
import { useSearch } from '../routing.ts'

export interface Suggestion {
  value: string
  /** What it is for people. */
  label?: string
}

export function FilterField({
  name,
  label,
  suggestions = [],
  maxLength = 200,
}: {
  /** In the address. */
  name: string
  label: string
  suggestions?: readonly Suggestion[]
  maxLength?: number
}) {
  const [search, setSearch] = useSearch()
  const list = useId()
  const known = search[name] ?? ''
  const [typed, setTyped] = useState(known)
  // What the address says otherwise is shown; the space that is typed before the next word stays.
  useEffect(() => setTyped((now) => (now.trim() === known ? now : known)), [known])
  const narrow = useDebouncedCallback((value: string) => setSearch({ [name]: value.trim() }), 300)
  return (
    <>
      <TextInput
        label={label}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        maxLength={maxLength}
        {...(suggestions.length > 0 && { list })}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          narrow(event.currentTarget.value)
        }}
      />
      {suggestions.length > 0 && (
        <datalist id={list}>
          {suggestions.map(({ value, label }) => (
            <option key={value} value={value} {...(label !== undefined && { label })} />
          ))}
        </datalist>
      )}
    </>
  )
}
