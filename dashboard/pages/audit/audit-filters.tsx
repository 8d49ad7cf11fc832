import { NativeSelect, SimpleGrid } from '@mantine/core'
import { useSearch } from '../../routing.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { TimeFilter } from '../../ui/time-filter.tsx'
import * as words from '../../words/index.ts'
import { actorKinds, objectKinds } from './filter.ts'

const text = words.audit.filters

export function AuditFilters({
  members,
  ofDeployment,
}: {
  members: readonly { id: string; name: string }[]
  ofDeployment: boolean
}) {
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 4 }}
      spacing="sm"
      verticalSpacing="xs"
      style={{ alignItems: 'end' }}
    >
      <Choice name="actorKind" label={text.actorKind} values={actorKinds} names={words.audit.actorKinds} />
      <FilterField
        name="actorId"
        label={text.actorId}
        suggestions={members.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <FilterField
        name="action"
        label={text.action}
        suggestions={Object.entries(words.audit.actions).map(([value, label]) => ({ value, label }))}
      />
      <TimeFilter />
      <Choice
        name="objectKind"
        label={text.objectKind}
        values={objectKinds}
        names={words.audit.objectKinds}
      />
      <FilterField name="objectId" label={text.objectId} />
      <Choice
        name="environment"
        label={words.shell.environment}
        values={['test', 'production']}
        names={words.shell}
      />
      {ofDeployment && <FilterField name="accountId" label={text.accountId} />}
    </SimpleGrid>
  )
}

function Choice<Value extends string>({
  name,
  label,
  values,
  names,
}: {
  name: string
  label: string
  values: readonly Value[]
  names: Readonly<Record<Value, string>>
}) {
  const [search, setSearch] = useSearch()
  return (
    <NativeSelect
      label={label}
      value={search[name] ?? ''}
      onChange={(event) => setSearch({ [name]: event.currentTarget.value })}
      data={[{ value: '', label: text.all }, ...values.map((value) => ({ value, label: names[value] }))]}
    />
  )
}
