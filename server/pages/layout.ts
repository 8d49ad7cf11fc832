import { type Html, html } from './html.ts'

/**
 * One page, readable without script; the style sheet is the only thing it loads.
 * @param heading what stands above the content; by default the title.
 */
export function layout(title: string, content: Html, heading = html`<h1>${title}</h1>`): string {
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
<body>
<header><a class="home" href="/"><img src="/assets/mark.svg" alt="" width="22" height="22">Latchkey</a>
<nav aria-label="Documentation"><a href="/docs">Docs</a><a href="/docs/api">API reference</a><a href="/docs/scopes">Scopes</a><a href="/docs/errors">Errors</a></nav>
<nav class="door" aria-label="Account"><a href="/sign-in">Sign in</a><a class="button" href="/sign-up">Create a free test account</a></nav></header>
<main>
${heading}
${content}
</main>
</body>
</html>
`.text
}
