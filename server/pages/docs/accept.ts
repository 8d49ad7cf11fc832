// Which form of a page a reader wants (RFC 9110 §12.5.1).

/** Whether `text/markdown` is wanted more than HTML. @param accept the header; undefined takes anything. */
export function wantsMarkdown(accept: string | undefined): boolean {
  return quality(accept, 'text/markdown') > Math.max(quality(accept, 'text/html'), 0)
}

/** Whether HTML is named: a browser reads, not a program. */
export function wantsHtml(accept: string | undefined): boolean {
  return quality(accept, 'text/html') > 0
}

/** The weight of a type that is named; 0 when it is not. */
function quality(accept: string | undefined, type: string): number {
  for (const range of (accept ?? '').split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0
  }
  return 0
}
