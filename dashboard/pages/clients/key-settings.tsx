import { Box, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import type { SettingsProps } from './advanced-settings.tsx'
import type { CertificateKind, ClientForm } from './edit-form.ts'

const text = words.clientEdit
const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }

/** The public keys of a client, and which certificate is its. */
export function KeySettings({ form, set, errors }: SettingsProps) {
  const usesCertificate = form.authenticationMethods.includes('tls_client_auth')
  return (
    <Box id="keys" tabIndex={-1}>
      <Section title={text.keys} lead={text.keysLead}>
        <Stack gap="md" maw={640}>
          <Radio.Group
            label={text.keySource}
            value={form.keys}
            onChange={(keys) => {
              if (isSource(keys)) set({ keys })
            }}
          >
            <Stack gap="xs" mt="xs">
              {Object.entries(text.keySources).map(([value, label]) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          {form.keys === 'jwks' && (
            <Textarea
              id="jwks"
              label={text.members.jwks}
              description={text.jwksHelp}
              autosize
              minRows={4}
              maxRows={16}
              spellCheck={false}
              styles={monospace}
              value={form.jwks}
              error={errors.jwks}
              onChange={(event) => set({ jwks: event.currentTarget.value })}
            />
          )}
          {form.keys === 'jwksUri' && (
            <TextInput
              id="jwksUri"
              type="url"
              label={text.members.jwksUri}
              description={text.jwksUriHelp}
              spellCheck={false}
              value={form.jwksUri}
              error={errors.jwksUri}
              onChange={(event) => set({ jwksUri: event.currentTarget.value })}
            />
          )}
          {(usesCertificate || form.certificateValue !== '') && (
            <Certificate form={form} set={set} errors={errors} />
          )}
        </Stack>
      </Section>
    </Box>
  )
}

function Certificate({ form, set, errors }: SettingsProps) {
  return (
    <Stack gap="md" role="group" aria-label={text.certificateTitle}>
      <Text size="sm" fw={600}>
        {text.certificateTitle}
      </Text>
      <NativeSelect
        id="certificateKind"
        label={text.certificateKind}
        value={form.certificateKind}
        data={Object.entries(text.certificateKinds).map(([value, label]) => ({ value, label }))}
        onChange={(event) => {
          const kind = event.currentTarget.value
          if (isKind(kind)) set({ certificateKind: kind })
        }}
      />
      <TextInput
        id="certificateValue"
        label={text.certificateValue}
        spellCheck={false}
        value={form.certificateValue}
        error={errors.certificateValue}
        onChange={(event) => set({ certificateValue: event.currentTarget.value })}
      />
      <Textarea
        id="certificateAuthorities"
        label={text.certificateAuthorities}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        styles={monospace}
        value={form.certificateAuthorities}
        onChange={(event) => set({ certificateAuthorities: event.currentTarget.value })}
      />
    </Stack>
  )
}

function isSource(value: string): value is ClientForm['keys'] {
  return value in text.keySources
}

function isKind(value: string): value is CertificateKind {
  return value in text.certificateKinds
}
