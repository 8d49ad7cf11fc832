import { type Html, html } from './html.ts'

export interface LayoutOptions {
  /** What stands above the content; by default the title. */
  heading?: Html
  /** True: the way into the dashboard, instead of the way to an account. */
  signedIn?: boolean
  /** The address of the page, to mark its place in the head. */
  current?: string
  /** True: the page has columns of its own. */
  wide?: boolean
}

const places = [
  ['/docs', 'Docs'],
  ['/docs/api', 'API reference'],
  ['/docs/scopes', 'Scopes'],
  ['/docs/errors', 'Errors'],
] as const

/** One page, readable without script; the style sheet and the mark are all that it loads. */
export function layout(title: string, content: Html, options: LayoutOptions = {}): string {
  const { heading = html`<h1>${title}</h1>`, signedIn = false, current = '', wide = false } = options
  const links = places.map(
    ([path, name]) =>
      html`<a href="${path}"${path === current ? html` aria-current="page"` : html``}>${name}</a>`,
  )
  const door = signedIn
    ? html`<a class="button" href="/test/home">Dashboard</a>`
    : html`<a href="/sign-in">Sign in</a><a class="button" href="/sign-up">Create a free test account</a>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Latchkey</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
</head>
<body${wide ? html` class="wide"` : html``}>
<a class="skip" href="#main">Skip to the content</a>
<header><a class="home" href="/"><img src="/assets/mark.svg" alt="" width="22" height="22">Latchkey</a>
<nav aria-label="Documentation">${links}</nav>
<nav class="door" aria-label="Account">${door}</nav></header>
<main id="main">
${heading}
${content}
</main>
</body>
</html>
`.text
}
