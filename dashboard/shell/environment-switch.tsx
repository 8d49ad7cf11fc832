import { SegmentedControl } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useLocation } from '@tanstack/react-router'
import { environments, inEnvironment, isEnvironment } from '../paths.ts'
import { useEnvironment, useGo } from '../routing.ts'
import { announce } from '../ui/announce.tsx'
import * as words from '../words/index.ts'

/** Test or production: the page stays where it exists in both, else its list is shown. */
export function EnvironmentSwitch() {
  const environment = useEnvironment()
  const { pathname } = useLocation()
  const go = useGo()
  const change = (wanted: string) => {
    if (!isEnvironment(wanted) || wanted === environment) return
    const { href, isList } = inEnvironment(pathname, wanted)
    // The page may stay the same one: its heading alone would not say what has changed.
    announce(words.shell[wanted])
    if (isList) notifications.show({ message: words.shell.switchedToList(words.shell[wanted]) })
    go(href)
  }
  return (
    <SegmentedControl
      aria-label={words.shell.environment}
      size="xs"
      style={{ flexShrink: 0 }}
      value={environment}
      onChange={change}
      data={environments.map((value) => ({ value, label: words.shell[value] }))}
    />
  )
}
