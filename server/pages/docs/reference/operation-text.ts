// One operation as Markdown, for the twins.
import { cell } from '../markdown-text.ts'
import { curlOf } from './command.ts'
import { exampleOf } from './example.ts'
import { type Member, membersOf, typeOf } from './members.ts'
import { contentOf, type Listed, scopesOf } from './openapi.ts'

export function writeOperation(operation: Listed, publicUrl: string): string {
  const { id, method, path, summary = '', description = '', parameters = [], responses = {} } = operation
  const body = contentOf(operation.requestBody)
  const scopes = scopesOf(operation)
  const parts = [
    `## ${summary}`,
    `\`${method} ${path}\`, operation id \`${id}\`${scopes.length > 0 ? `, scope \`${scopes.join(' ')}\`` : ''}`,
    description,
    table(
      'Parameter',
      parameters.map(({ name, in: place, required, description: about, schema = {} }) => ({
        name,
        type: `${place}, ${typeOf(schema)}`,
        required: required === true,
        description: about ?? schema.description ?? '',
      })),
    ),
    body && `Body: \`${body.type}\``,
    body && table('Member', membersOf(body.schema)),
    `\`\`\`sh\n${curlOf(operation, publicUrl)}\n\`\`\``,
    ...Object.entries(responses).map(([status, response]) => {
      const content = contentOf(response)
      const line = `**${status}** ${response.description ?? ''}`
      if (Number(status) >= 400 || content?.type !== 'application/json') return line
      return `${line}\n\n\`\`\`json\n${JSON.stringify(exampleOf(content.schema, true), null, 2)}\n\`\`\``
    }),
  ]
  return parts.filter((part) => part).join('\n\n')
}

function table(head: string, members: readonly Member[]): string {
  if (members.length === 0) return ''
  const rows = members.map(
    ({ name, type, required, description }) =>
      `| \`${name}\` | ${cell(type)}${required ? ', required' : ''} | ${cell(description)} |`,
  )
  return `| ${head} | Type | Meaning |\n| --- | --- | --- |\n${rows.join('\n')}`
}
