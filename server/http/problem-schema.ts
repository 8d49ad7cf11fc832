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
            requestId: Type.String({ description: 'Also in the header Request-Id.' }),
            instance: Type.String({
              format: 'uri',
              description:
                'The same page for this one request: a member of its account sees there what happened.',
            }),
          },
          { additionalProperties: true },
        ),
      },
    },
  }
}
