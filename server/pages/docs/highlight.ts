// Just enough colour to read by: comments step back, strings stand out. No language is parsed.
import { Html, html } from '../html.ts'

const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/
const patterns: Readonly<Record<string, RegExp>> = {
  sh: /(?<c>(?<=^|\s)#[^\n]*)|(?<s>"(?:[^"\\]|\\.)*"|'[^']*')/gm,
  ts: new RegExp(
    `(?<c>(?<![:\\w])//[^\\n]*)|(?<s>${strings.source}|\`[^\`]*\`)|(?<k>\\b(?:import|from|export|const|let|await|async|function|return|if|throw|new|for|of)\\b)`,
    'gm',
  ),
  python: new RegExp(
    `(?<c>(?<=^|\\s)#[^\\n]*)|(?<s>${strings.source})|(?<k>\\b(?:import|from|def|return|if|else|for|in|with|as|raise|not|None)\\b)`,
    'gm',
  ),
  json: /(?<k>"(?:[^"\\\n]|\\.)*"(?=\s*:))|(?<s>"(?:[^"\\\n]|\\.)*")/gm,
  http: /(?<k>^[A-Za-z-]+(?=: ))/gm,
  yaml: /(?<c>(?<=^|\s)#[^\n]*)|(?<k>^\s*(?:- )?[\w.-]+(?=:))/gm,
  nginx: /(?<c>(?<=^|\s)#[^\n]*)|(?<s>"(?:[^"\\\n]|\\.)*")/gm,
}

/** @param language of the block; one that is not known is written plain. */
export function highlight(code: string, language: string): Html {
  const pattern = patterns[language === 'js' ? 'ts' : language === 'caddy' ? 'nginx' : language]
  if (!pattern) return html`${code}`
  const parts: Html[] = []
  let end = 0
  for (const match of code.matchAll(pattern)) {
    const kind = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0]
    parts.push(html`${code.slice(end, match.index)}<span class="${kind ?? ''}">${match[0]}</span>`)
    end = match.index + match[0].length
  }
  return new Html([...parts, html`${code.slice(end)}`].map(({ text }) => text).join(''))
}
