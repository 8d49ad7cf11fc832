import { Button, Checkbox, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Environment } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { SearchIcon } from '../../ui/icons.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { scopeFieldId, scopeOfField } from './edit-form.ts'
import { scopesQuery } from './queries.ts'
import { ScopeRow, type ScopeUse } from './scope-row.tsx'
import { findObstacle, type Granting, groupScopes, type ScopeGroup } from './scope-rules.ts'

const text = words.scopes

export interface ScopePickerProps {
  environment: Environment
  value: readonly string[]
  onChange: (scopes: readonly string[]) => void
  /** What the client has now: it may stay, whatever else is said of it. */
  held: readonly string[]
  /** When each was used last; undefined: not known. */
  use?: readonly ScopeUse[] | undefined
  /** What a refused call needed. */
  suggested?: string | undefined
  /** What the server said of single scopes, by the id of their field. */
  errors: Readonly<Record<string, string | undefined>>
}

/** Scopes by API, each with what it unlocks, and why it cannot be had where it cannot. */
export function ScopePicker(props: ScopePickerProps) {
  const { environment, value, onChange, held, suggested } = props
  const query = useQuery(scopesQuery(environment))
  const [search, setSearch] = useState('')
  const granting = { account: useMay('clients:grant_account'), operator: useMay('clients:grant_operator') }
  if (query.isPending) return <LoadingState />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const groups = groupScopes(query.data, search)
  // What the server refused stays here, ticked or not, until it is saved without.
  const refused = Object.keys(props.errors).flatMap((field) => scopeOfField(field) ?? [])
  const gone = [...new Set([...value, ...held, ...refused])].filter(
    (name) => !query.data.some((scope) => scope.name === name),
  )
  const isUnknown = suggested !== undefined && !query.data.some(({ name }) => name === suggested)
  const toggle = (names: readonly string[], on: boolean) =>
    onChange(on ? [...new Set([...value, ...names])] : value.filter((name) => !names.includes(name)))
  return (
    <Stack gap="md">
      {suggested !== undefined && (isUnknown || held.includes(suggested)) && (
        <Text size="sm" fw={600}>
          {isUnknown ? text.suggestedUnknown(suggested) : text.suggestedHeld(suggested)}
        </Text>
      )}
      <TextInput
        type="search"
        aria-label={text.search}
        placeholder={text.search}
        leftSection={<SearchIcon />}
        maw={360}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {groups.length === 0 && (
        <Group gap="sm">
          <Text size="sm">{text.nothing}</Text>
          <Button variant="default" size="xs" onClick={() => setSearch('')}>
            {text.clear}
          </Button>
        </Group>
      )}
      {groups.map((group) => (
        <GroupOfScopes key={group.api} group={group} granting={granting} toggle={toggle} {...props} />
      ))}
      {gone.length > 0 && (
        <Paper withBorder p="md" component="section" aria-label={text.gone}>
          <Text fw={600}>{text.gone}</Text>
          <Text size="sm">{text.goneDetail}</Text>
          {gone.map((name) => (
            <Checkbox
              key={name}
              id={scopeFieldId(name)}
              mt="xs"
              label={name}
              checked={value.includes(name)}
              error={props.errors[scopeFieldId(name)]}
              onChange={(event) => toggle([name], event.currentTarget.checked)}
            />
          ))}
        </Paper>
      )}
    </Stack>
  )
}

interface GroupProps extends ScopePickerProps {
  group: ScopeGroup
  granting: Granting
  toggle: (names: readonly string[], on: boolean) => void
}

function GroupOfScopes({ group, granting, toggle, value, held, use, suggested, errors }: GroupProps) {
  const obstacleOf = new Map(group.scopes.map((scope) => [scope.name, findObstacle(scope, held, granting)]))
  const names = group.scopes.map(({ name }) => name)
  const open = names.filter((name) => obstacleOf.get(name) === undefined)
  const count = names.filter((name) => value.includes(name)).length
  // What opens the account API itself is given one by one.
  const isPickedAtOnce = open.length > 1 && group.scopes.every(({ access }) => access !== 'reserved')
  const isAll = open.length > 0 && open.every((name) => value.includes(name))
  return (
    <Paper withBorder component="section" aria-label={group.name}>
      <Group
        justify="space-between"
        px="md"
        py={8}
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      >
        {isPickedAtOnce ? (
          <Checkbox
            label={text.all(group.name)}
            fw={600}
            checked={isAll}
            indeterminate={count > 0 && !isAll}
            onChange={(event) => toggle(open, event.currentTarget.checked)}
          />
        ) : (
          <Text size="sm" fw={600}>
            {group.name}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {text.selected(count, names.length)}
        </Text>
      </Group>
      {group.scopes.map((scope) => (
        <ScopeRow
          key={scope.name}
          scope={scope}
          checked={value.includes(scope.name)}
          obstacle={obstacleOf.get(scope.name)}
          use={use?.find((candidate) => candidate.scope === scope.name)}
          isSuggested={suggested === scope.name && !held.includes(scope.name)}
          error={errors[scopeFieldId(scope.name)]}
          onToggle={(on) => toggle([scope.name], on)}
        />
      ))}
    </Paper>
  )
}
