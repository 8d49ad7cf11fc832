/** Text that is already HTML. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose values are escaped, unless they are HTML themselves. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (Html | Html[] | string | number)[]
): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? write(values[index] ?? '') : ''))
  return new Html(parts.join(''))
}

function write(value: Html | Html[] | string | number): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map((part) => part.text).join('')
  return String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
