// The look: one deep blue-green accent, greys with a hint of it, amber for test, red for what destroys.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import * as words from './words/index.ts'

const latch: MantineColorsTuple = [
  '#eaf6f4',
  '#d3e8e5',
  '#a6d1cb',
  '#76c3b9',
  '#4fa99d',
  '#2f9186',
  '#1a7d72',
  '#0f6b61',
  '#0b5d55',
  '#064a43',
]

const gray: MantineColorsTuple = [
  '#f6f8f8',
  '#eef2f1',
  '#e2e8e7',
  '#d2dbd9',
  '#b7c3c0',
  '#8b9996',
  '#586764',
  '#475653',
  '#303c39',
  '#18211f',
]

const dark: MantineColorsTuple = [
  '#e4ebe9',
  '#c3cecb',
  '#a6b4b1',
  '#7c8b88',
  '#3d4a47',
  '#303c39',
  '#1f2826',
  '#151c1a',
  '#101614',
  '#0b100e',
]

/** White on its filled shades can be read. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#fa5252',
  '#d32f2f',
  '#c92a2a',
  '#a82222',
]

export const theme = createTheme({
  colors: { latch, gray, dark, red },
  primaryColor: 'latch',
  // White on it can be read in both themes.
  primaryShade: { light: 8, dark: 7 },
  black: '#18211f',
  defaultRadius: 6,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace",
  headings: { fontWeight: '620', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Anchor: { defaultProps: { underline: 'always', inherit: true } },
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 'md' } },
    Tooltip: { defaultProps: { openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    // Its head is none of the page's.
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.55 },
        attributes: { header: { role: 'presentation' } },
      },
    },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': words.ui.close } } },
    ModalTitle: { defaultProps: { fw: 620 } },
    DrawerTitle: { defaultProps: { fw: 620 } },
    // Its <header> is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    // Its colour is that of its border: words are read in that of the text.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Badge: { defaultProps: { variant: 'default', tt: 'none' } },
    // Who types blind wants to look, with the keyboard too.
    PasswordInput: { defaultProps: { visibilityToggleFocusable: true } },
  },
})

/** Where the default colours fail contrast, ours. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': latch[8],
    '--latchkey-focus': latch[8],
    '--latchkey-line': gray[2],
    '--latchkey-amber': '#fff1cf',
    '--latchkey-amber-line': '#d99a1b',
    '--latchkey-amber-text': '#5a3d00',
    '--latchkey-granted': latch[6],
    '--latchkey-refused': '#c77700',
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-error': '#ff9a92',
    '--mantine-color-anchor': latch[3],
    '--latchkey-focus': latch[3],
    '--latchkey-line': dark[5],
    '--latchkey-amber': '#3a2b08',
    '--latchkey-amber-line': '#a9791c',
    '--latchkey-amber-text': '#ffdf9b',
    '--latchkey-granted': latch[4],
    '--latchkey-refused': '#e0a33a',
  },
})
