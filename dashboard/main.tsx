import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/fonts.css'
import './ui/base.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api.ts'
import { router } from './routes.tsx'
import { theme, variables } from './theme.ts'
import { LiveRegion } from './ui/announce.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the dashboard.')

/** The policy of the page lets in style sheets that bear its nonce alone. */
const nonce = document.querySelector('script[nonce]')
const styleNonce = nonce instanceof HTMLElement ? nonce.nonce : ''

// What keeps the page behind a dialog from scrolling adds a style sheet, too, and looks for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <LiveRegion />
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
