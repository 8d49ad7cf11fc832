// The Postman collection, made from the OpenAPI document: every operation that takes an access token, and a script that
// requests a token once and reuses it until it is nearly expired.
import { exampleOf } from '../server/pages/docs/reference/example.ts'
import {
  contentOf,
  groupsOf,
  type Listed,
  type OpenApi,
  scopesOf,
} from '../server/pages/docs/reference/openapi.ts'

/** The script runs before each request of the collection; Postman waits for it. */
const tokenScript = `// A token is requested once and reused until three quarters of its lifetime are over.
const [url, clientId, clientSecret, scopes] = ['url', 'clientId', 'clientSecret', 'scopes'].map((name) => pm.variables.get(name))
const tokenOf = [url, clientId, scopes].join(' ')
const isGood = pm.collectionVariables.get('tokenOf') === tokenOf && Date.now() < Number(pm.collectionVariables.get('renewAt'))
if (!isGood) {
  pm.sendRequest(
    {
      url: url + '/oauth/connect/token',
      method: 'POST',
      header: {
        Authorization: 'Basic ' + btoa(clientId + ':' + clientSecret),
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'grant_type', value: 'client_credentials' },
          { key: 'scope', value: scopes },
        ],
      },
    },
    (error, response) => {
      if (error || response.code !== 200) {
        console.error(error || response.json().error_description)
        return
      }
      const { access_token, expires_in } = response.json()
      pm.collectionVariables.set('accessToken', access_token)
      pm.collectionVariables.set('tokenOf', tokenOf)
      pm.collectionVariables.set('renewAt', Date.now() + expires_in * 750)
    },
  )
}`

/** @param openapi the document of the server, with the example of a public URL. */
export function postmanCollection(openapi: OpenApi): object {
  const groups = groupsOf(openapi)
    .map((group) => ({
      ...group,
      operations: group.operations.filter((operation) => scopesOf(operation).length > 0),
    }))
    .filter(({ operations }) => operations.length > 0)
  return {
    info: {
      name: 'Latchkey',
      description:
        'Set clientId and clientSecret in the variables of the collection, as current values only. The scopes are those of the variable scopes.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    event: [{ listen: 'prerequest', script: { type: 'text/javascript', exec: tokenScript.split('\n') } }],
    variable: [
      { key: 'url', value: 'https://api.example' },
      { key: 'clientId', value: '' },
      { key: 'clientSecret', value: '' },
      { key: 'scopes', value: 'document_file document_read document_write event identify' },
    ],
    item: groups.map(({ name, description, operations }) => ({
      ...{ name, description },
      item: operations.map(itemOf),
    })),
  }
}

function itemOf(operation: Listed): object {
  const { method, path, summary = '', description = '', parameters = [] } = operation
  const scopes = `Needs the scope ${scopesOf(operation).join(' ')}.`
  const inPath = parameters.filter(({ in: place }) => place === 'path')
  const query = parameters
    .filter(({ in: place }) => place === 'query')
    .map(({ name, required, description: about = '', schema = {} }) => ({
      key: name,
      value: String(exampleOf(schema, false)),
      description: about,
      ...(required !== true && { disabled: true }),
    }))
  const segments = path
    .replace(/\{(\w+)\}/g, ':$1')
    .slice(1)
    .split('/')
  return {
    name: summary,
    request: {
      method,
      header: parameters
        .filter(({ in: place, required }) => place === 'header' && required)
        .map(({ name, schema = {} }) => ({ key: name, value: String(exampleOf(schema, false)) })),
      url: {
        raw: `{{url}}/${segments.join('/')}`,
        host: ['{{url}}'],
        path: segments,
        ...(query.length > 0 && { query }),
        ...(inPath.length > 0 && {
          variable: inPath.map(({ name, schema = {} }) => ({
            key: name,
            value: schema.enum ? String(schema.enum[0]) : '',
          })),
        }),
      },
      ...bodyOf(operation),
      description: [description, scopes].filter(Boolean).join('\n\n'),
    },
  }
}

function bodyOf({ requestBody }: Listed): object {
  const content = contentOf(requestBody)
  if (!content) return {}
  if (content.type === 'multipart/form-data')
    return { body: { mode: 'formdata', formdata: [{ key: 'file', type: 'file', src: [] }] } }
  return {
    body: {
      mode: 'raw',
      raw: JSON.stringify(exampleOf(content.schema, false), null, 2),
      options: { raw: { language: 'json' } },
    },
  }
}
