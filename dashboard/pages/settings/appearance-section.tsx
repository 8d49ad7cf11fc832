import { SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { useId } from 'react'
import { Section } from '../../ui/page.tsx'
import { useTimeZone } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'

const { shell } = words
const text = words.people.settings

/** Theme and time zone; the menu at the top has them, too. */
export function AppearanceSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [zone, setZone] = useTimeZone()
  return (
    <Section title={text.appearance} lead={text.appearanceLead}>
      <Stack gap="sm" align="flex-start">
        <Choice
          label={shell.theme}
          value={colorScheme}
          onChange={setColorScheme}
          data={[
            { value: 'auto', label: shell.themes.auto },
            { value: 'light', label: shell.themes.light },
            { value: 'dark', label: shell.themes.dark },
          ]}
        />
        <Choice
          label={shell.times}
          value={zone}
          onChange={setZone}
          data={[
            { value: 'local', label: shell.timeZones.local },
            { value: 'utc', label: shell.timeZones.utc },
          ]}
        />
      </Stack>
    </Section>
  )
}

function Choice<Value extends string>({
  label,
  value,
  onChange,
  data,
}: {
  label: string
  value: Value
  onChange: (value: Value) => void
  data: { value: Value; label: string }[]
}) {
  const id = useId()
  return (
    <div>
      <Text id={id} size="sm" fw={500} mb={4}>
        {label}
      </Text>
      <SegmentedControl<Value> aria-labelledby={id} value={value} onChange={onChange} data={data} />
    </div>
  )
}
