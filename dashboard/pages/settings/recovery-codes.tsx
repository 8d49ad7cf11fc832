import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../ui/copy.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'

const text = words.people.settings

/** The codes, shown this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const joined = codes.join('\n')
  useUnsaved(true)
  return (
    <Stack gap="xs" align="flex-start">
      <Text fw={600} size="sm">
        {text.codes}
      </Text>
      <Text size="sm">{text.codesLead}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg" verticalSpacing={4}>
        {codes.map((code) => (
          <span className="id" key={code}>
            {code}
          </span>
        ))}
      </SimpleGrid>
      <Group gap="sm">
        <CopyButton text={joined}>{text.copyCodes}</CopyButton>
        <Button
          component="a"
          variant="default"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${joined}\n`)}`}
          download="latchkey-recovery-codes.txt"
        >
          {text.downloadCodes}
        </Button>
      </Group>
    </Stack>
  )
}
