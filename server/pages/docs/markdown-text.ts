/** A text in a cell of a Markdown table: none of its characters is a mark. */
export function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|`*_[\]<>]/g, '\\$&')
}
