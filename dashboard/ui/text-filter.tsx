import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useSearch } from '../routing.ts'

/** A filter of a list that is typed: it stands in the address under its name, a moment after the last key. */
export function TextFilter({ name, label }: { name: string; label: string }) {
  const [search, setSearch] = useSearch()
  const known = search[name] ?? ''
  const [typed, setTyped] = useState(known)
  useEffect(() => setTyped(known), [known])
  const narrow = useDebouncedCallback((value: string) => setSearch({ [name]: value.trim() }), 300)
  return (
    <TextInput
      label={label}
      w={{ base: '100%', xs: 190 }}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        narrow(event.currentTarget.value)
      }}
    />
  )
}
