import { Group, Text } from '@mantine/core'
import { Action } from '../../ui/action.tsx'
import { LinkButton } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'
import { type ClientForm, type Members, scopeChange } from './edit-form.ts'

const text = words.clientEdit

export interface SaveBarProps {
  base: ClientForm
  form: ClientForm
  changes: Partial<Members>
  busy: boolean
  hasConflict: boolean
  /** Where Cancel leads. */
  cancel: string
}

/** What will be saved, always in sight. */
export function SaveBar({ base, form, changes, busy, hasConflict, cancel }: SaveBarProps) {
  const { added, removed } = scopeChange(base.scopes, form.scopes)
  const others = Object.keys(changes).filter((name) => name !== 'scopes')
  const isUnchanged = Object.keys(changes).length === 0
  return (
    <Group className="save-bar" justify="space-between" gap="sm">
      <Group component="section" aria-label={text.summary} gap="sm" fz="sm" flex="1 1 16rem">
        {isUnchanged && <Text size="sm">{text.nothingChanged}</Text>}
        {added.map((scope) => (
          <ScopeMark key={scope} shown={text.added(scope)} aloud={text.addedAloud(scope)} />
        ))}
        {removed.map((scope) => (
          <ScopeMark key={scope} shown={text.removed(scope)} aloud={text.removedAloud(scope)} />
        ))}
        {others.length > 0 && (
          <Text size="sm">{text.also(others.map((name) => text.members[name] ?? name))}</Text>
        )}
      </Group>
      <Group gap="sm">
        <LinkButton variant="default" href={cancel}>
          {words.ui.cancel}
        </LinkButton>
        <Action
          type="submit"
          loading={busy}
          reason={isUnchanged ? text.nothingChanged : undefined}
          onClick={() => {}}
        >
          {hasConflict ? text.saveOnTop : words.ui.save}
        </Action>
      </Group>
    </Group>
  )
}

function ScopeMark({ shown, aloud }: { shown: string; aloud: string }) {
  return (
    <span>
      <span className="id" aria-hidden="true">
        {shown}
      </span>
      <span className="only-read-aloud">{aloud}</span>
    </span>
  )
}
