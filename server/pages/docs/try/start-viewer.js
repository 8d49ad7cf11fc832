// Starts the viewer. Nothing of it leaves this server: no proxy, no telemetry, no fonts and no links of its vendor.
const { origin } = window.location

window.Scalar.createApiReference('#app', {
  url: '/openapi.json',
  baseServerURL: origin,
  theme: 'none',
  withDefaultFonts: false,
  telemetry: false,
  persistAuth: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  documentDownloadType: 'none',
  customCss: 'a[href*="scalar.com"] { display: none }',
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  externalUrls: { dashboardUrl: origin, registryUrl: origin, proxyUrl: origin, apiBaseUrl: origin },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  authentication: { preferredSecurityScheme: 'accessToken' },
})
