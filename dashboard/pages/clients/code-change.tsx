import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { CodeBlock } from '../../ui/copy.tsx'
import * as words from '../../words/index.ts'
import type { Reuse } from './queries.ts'

type Way = 'sdk' | 'fetch'

/** How code keeps a token: with the SDK, and with nothing but fetch. */
export function CodeChange({ codeChange }: { codeChange: Reuse['codeChange'] }) {
  const [way, setWay] = useState<Way>('sdk')
  const { page } = words.clients
  return (
    <Stack gap="xs">
      <SegmentedControl<Way>
        aria-label={page.codeChange}
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        value={way}
        onChange={setWay}
        data={[
          { value: 'sdk', label: page.withSdk },
          { value: 'fetch', label: page.withFetch },
        ]}
      />
      <CodeBlock code={codeChange[way]} what={way === 'sdk' ? page.withSdk : page.withFetch} />
    </Stack>
  )
}
