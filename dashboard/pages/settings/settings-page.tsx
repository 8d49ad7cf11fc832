import { Page } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { AccountSection } from './account-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TwoFactorSection } from './two-factor-section.tsx'

/** Account → Settings: the own sign-in, and the account. */
export function SettingsPage() {
  const { title, lead } = words.people.settings
  return (
    <Page title={title} lead={lead}>
      <ProfileSection />
      <PasswordSection />
      <TwoFactorSection />
      <SessionsSection />
      <AppearanceSection />
      <AccountSection />
    </Page>
  )
}
