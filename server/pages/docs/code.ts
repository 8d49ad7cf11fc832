// Blocks of code: a label that says the language, and tabs without script.
import { type Html, html } from '../html.ts'
import { highlight } from './highlight.ts'

const labels: Readonly<Record<string, string>> = {
  sh: 'Shell',
  ts: 'Node',
  js: 'Node',
  http: 'HTTP',
  json: 'JSON',
  python: 'Python',
  nginx: 'nginx',
  caddy: 'Caddy',
  yaml: 'YAML',
  text: 'Output',
  console: 'Output',
}

/** In tabs the label says with what, not in which language. */
const tabLabels: Readonly<Record<string, string>> = { ...labels, sh: 'curl', ts: 'Node SDK' }

interface Code {
  text: string
  lang?: string | undefined
}

/** The first word of an info string: the language. The rest is for those who run the examples. */
export function languageOf({ lang }: Code): string {
  return lang?.split(/\s/)[0] ?? ''
}

/** One block. */
export function codeBlock(code: Code): Html {
  const language = languageOf(code)
  const label = labels[language] ?? language
  return html`<figure class="code">${label === '' ? html`` : html`<figcaption>${label}</figcaption>`}${area(code)}</figure>
`
}

/** The same said in several ways; the first one shows. @param name of the group, unique on its page. */
export function codeTabs(codes: readonly Code[], name: string): Html {
  const label = (code: Code) => tabLabels[languageOf(code)] ?? languageOf(code)
  const choices = codes.map(
    (code, index) =>
      html`<input type="radio" name="${name}" id="${name}-${index}"${index === 0 ? html` checked` : html``}><label for="${name}-${index}">${label(code)}</label>`,
  )
  const panels = codes.map((code) => html`<div class="panel">${area(code)}</div>`)
  return html`<fieldset class="tabs"><legend>Example in</legend>${choices}${panels}</fieldset>
`
}

/** It can scroll sideways, so the keyboard must reach it. */
function area(code: Code): Html {
  return html`<pre tabindex="0"${languageOf(code) === 'json' ? html` class="wrap"` : html``}><code>${highlight(code.text, languageOf(code))}</code></pre>`
}
