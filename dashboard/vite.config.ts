import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What the server replaces by a nonce of the answer's own: server/pages/dashboard.ts. */
export const noncePlace = 'LATCHKEY_NONCE'

export default defineConfig({
  root: import.meta.dirname,
  base: '/dashboard/',
  publicDir: false,
  plugins: [react()],
  html: { cspNonce: noncePlace },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A font or picture inside a style would need data: in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
})
