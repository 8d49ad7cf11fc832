import { Text } from '@mantine/core'
import { useEnvironment } from '../routing.ts'
import { Link } from '../ui/link.tsx'
import * as words from '../words/index.ts'
import { EnvironmentSwitch } from './environment-switch.tsx'
import { Frame } from './frame.tsx'
import { environmentNavigation, operatorNavigation } from './navigation.tsx'

/** The frame of what belongs to an account. */
export function EnvironmentShell() {
  const environment = useEnvironment()
  return (
    <Frame
      groups={environmentNavigation(environment)}
      environment={environment}
      place={<EnvironmentSwitch />}
    />
  )
}

/** The frame of what belongs to those who run this Latchkey. */
export function OperatorShell() {
  const back = (
    <Text size="sm" mt="lg" px="sm">
      <Link href="/test/home">{words.shell.toDashboard}</Link>
    </Text>
  )
  return (
    <Frame
      groups={operatorNavigation()}
      environment={undefined}
      place={
        <Text size="sm" c="dimmed">
          {words.shell.operator}
        </Text>
      }
      foot={back}
    />
  )
}
