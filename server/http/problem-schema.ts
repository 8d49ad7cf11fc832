import { Type } from 'typebox'

/** The answer to a refused call (RFC 9457), for the API reference. */
export function problemSchema(description: string) {
  return {
    description,
    content: {
      'application/problem+json': {
        schema: Type.Object(
          {
            type: Type.String({
              format: 'uri',
              description: 'A page that explains the problem: /docs/errors/CODE on this host.',
            }),
            title: Type.String(),
            status: Type.Integer(),
            detail: Type.String({ description: 'What is wrong and what to do.' }),
            requestId: Type.String(),
          },
          { additionalProperties: true },
        ),
      },
    },
  }
}
