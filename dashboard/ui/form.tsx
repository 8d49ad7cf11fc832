// What forms share: sending once, a summary of what has to be mended that gets the focus, errors at their fields.
import { Alert, Anchor, List } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiProblem, isRecord } from '../api.ts'
import * as words from '../words/index.ts'
import { ErrorState } from './states.tsx'

/** Errors by the id of their field. */
export type FieldErrors = Readonly<Record<string, string | undefined>>

export interface FormState {
  errors: FieldErrors
  /** What went wrong as a whole. */
  failure: unknown
  busy: boolean
  submit: (event: FormEvent) => void
}

/**
 * A form that is sent.
 * @param check the errors that need no server; none: it is sent.
 * @param send throws an ApiProblem; its `errors` go to the fields with the ids that they name.
 * @param errorsOf finds these, where a page names its fields otherwise.
 */
export function useForm(
  check: () => FieldErrors,
  send: () => Promise<unknown>,
  errorsOf: (error: unknown) => FieldErrors = fieldErrorsOf,
): FormState {
  const [errors, setErrors] = useState<FieldErrors>({})
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    // Twice pressed is once sent.
    if (busy) return
    const found = check()
    setErrors(found)
    setFailure(undefined)
    if (Object.values(found).some((text) => text !== undefined)) return
    setBusy(true)
    try {
      await send()
    } catch (error) {
      const named = errorsOf(error)
      if (Object.keys(named).length > 0) setErrors(named)
      else setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return { errors, failure, busy, submit }
}

/** The members of the body that a refusal names, e.g. `body.name`. */
function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof ApiProblem) || !Array.isArray(error.members.errors)) return {}
  const entries = error.members.errors.flatMap((entry: unknown) => {
    if (!isRecord(entry) || typeof entry.field !== 'string' || typeof entry.message !== 'string') return []
    const [place, field] = entry.field.split('.')
    return place === 'body' && field !== undefined ? [[field, `${field}: ${entry.message}`] as const] : []
  })
  return Object.fromEntries(entries)
}

/** Above the form: everything that has to be mended, each a link to its field. */
export function FormErrors({ form }: { form: FormState }) {
  const box = useRef<HTMLDivElement>(null)
  const entries = Object.entries(form.errors).flatMap(([field, text]) =>
    text === undefined ? [] : [{ field, text }],
  )
  const count = entries.length
  const { errors } = form
  useEffect(() => {
    if (Object.values(errors).some((text) => text !== undefined)) box.current?.focus()
  }, [errors])
  if (count === 0) return form.failure === undefined ? null : <ErrorState error={form.failure} />
  return (
    <Alert color="red" variant="outline" title={words.ui.formHasErrors(count)} ref={box} tabIndex={-1}>
      <List size="sm">
        {entries.map(({ field, text }) => (
          <List.Item key={field}>
            <Anchor
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(field)?.focus()
              }}
            >
              {text}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
