import { Box, Checkbox, Divider, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Environment } from '../../paths.ts'
import { useMay } from '../../session.ts'
import type { FieldErrors } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import type { ClientForm, Method } from './edit-form.ts'
import { KeySettings } from './key-settings.tsx'
import { scopeUseQuery } from './queries.ts'
import { ScopePicker } from './scope-picker.tsx'

const text = words.clientEdit

export interface SettingsProps {
  form: ClientForm
  set: (change: Partial<ClientForm>) => void
  errors: FieldErrors
}

export interface AdvancedSettingsProps extends SettingsProps {
  environment: Environment
  clientId: string
  held: readonly string[]
  suggested: string | undefined
}

/** What most clients need once: scopes; and what few need ever. */
export function AdvancedSettings(props: AdvancedSettingsProps) {
  const { environment, clientId, form, set, held, suggested, errors } = props
  const mayReadUse = useMay('activity:read')
  const use = useQuery({ ...scopeUseQuery(environment, clientId), enabled: mayReadUse })
  return (
    <Stack gap="xl">
      <Box id="scopes" tabIndex={-1}>
        <Section title={words.scopes.title} lead={words.scopes.lead}>
          <ScopePicker
            environment={environment}
            value={form.scopes}
            onChange={(scopes) => set({ scopes })}
            held={held}
            use={use.data?.scopes}
            suggested={suggested}
            errors={errors}
          />
        </Section>
      </Box>
      <Section title={text.tokens}>
        <Stack gap="md" maw={480}>
          <TextInput
            id="tokenLifetimeSeconds"
            label={text.members.tokenLifetimeSeconds}
            description={text.lifetimeHelp}
            inputMode="numeric"
            value={form.tokenLifetimeSeconds}
            error={errors.tokenLifetimeSeconds}
            onChange={(event) => set({ tokenLifetimeSeconds: event.currentTarget.value })}
          />
          <TextInput
            id="tokenQuotaPerHour"
            label={text.members.tokenQuotaPerHour}
            description={text.quotaHelp}
            inputMode="numeric"
            value={form.tokenQuotaPerHour}
            error={errors.tokenQuotaPerHour}
            onChange={(event) => set({ tokenQuotaPerHour: event.currentTarget.value })}
          />
        </Stack>
      </Section>
      <Section title={text.network}>
        <Textarea
          id="allowedNetworks"
          label={text.members.allowedNetworks}
          description={text.networksHelp}
          maw={480}
          autosize
          minRows={2}
          spellCheck={false}
          value={form.allowedNetworks}
          error={errors.allowedNetworks}
          onChange={(event) => set({ allowedNetworks: event.currentTarget.value })}
        />
      </Section>
      <Authentication form={form} set={set} errors={errors} />
      <KeySettings form={form} set={set} errors={errors} />
      <Divider />
    </Stack>
  )
}

const methods = Object.entries(text.methods)

function Authentication({ form, set, errors }: SettingsProps) {
  return (
    <Section title={text.authentication} lead={text.authenticationLead}>
      <Stack gap="md">
        <Checkbox.Group
          id="authenticationMethods"
          label={text.members.authenticationMethods}
          value={[...form.authenticationMethods]}
          error={errors.authenticationMethods}
          onChange={(names) => set({ authenticationMethods: names.filter(isMethod) })}
        >
          <Stack gap="xs" mt="xs">
            {methods.map(([name, about]) => (
              <Checkbox
                key={name}
                value={name}
                label={<span className="id">{name}</span>}
                description={about}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Stack gap="xs" role="group" aria-label={text.binding}>
          <Checkbox
            id="dpopBoundAccessTokens"
            label={text.members.dpopBoundAccessTokens}
            description={text.dpopHelp}
            checked={form.dpopBoundAccessTokens}
            onChange={(event) => set({ dpopBoundAccessTokens: event.currentTarget.checked })}
          />
          <Checkbox
            id="certificateBoundAccessTokens"
            label={text.members.certificateBoundAccessTokens}
            description={text.certificateHelp}
            checked={form.certificateBoundAccessTokens}
            onChange={(event) => set({ certificateBoundAccessTokens: event.currentTarget.checked })}
          />
        </Stack>
      </Stack>
    </Section>
  )
}

function isMethod(name: string): name is Method {
  return name in text.methods
}
