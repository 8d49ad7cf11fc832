import { Tabs } from '@mantine/core'
import { useEnvironment, useSearch } from '../../routing.ts'
import { Page } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { ActivitySection } from './activity-section.tsx'
import { DeprecatedHost } from './deprecated-host.tsx'
import { LogList } from './log-list.tsx'
import { ReuseView } from './reuse-view.tsx'

const text = words.logs
const views = ['requests', 'charts', 'reuse'] as const

/** Logs: what happened, live; how much of it; and how well tokens are reused. */
export function LogsPage() {
  const environment = useEnvironment()
  const [{ view }, setSearch] = useSearch()
  const here = views.find((name) => name === view) ?? 'requests'
  return (
    <Page title={text.title} lead={text.lead}>
      <DeprecatedHost environment={environment} />
      <Tabs
        value={here}
        onChange={(name) => setSearch({ view: name === null || name === 'requests' ? '' : name })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {views.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {text.views[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="requests">
          <LogList />
        </Tabs.Panel>
        <Tabs.Panel value="charts">
          <ActivitySection environment={environment} />
        </Tabs.Panel>
        <Tabs.Panel value="reuse">
          <ReuseView environment={environment} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
