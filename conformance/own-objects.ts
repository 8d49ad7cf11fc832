// One thing of each kind that has an address, so that no environment sees the other's.
import assert from 'node:assert/strict'
import { type TestClient, tokenRequest, type World } from '../server/testing/world.ts'

/** Makes one object of every kind with the production client, and a document with a test client of the same account. */
export async function makeProductionObjects(world: World, production: TestClient) {
  const token = await world.token(['document_write', 'identify'], production)
  const sessionId = await create(`${world.url}/identification/sessions`, token)
  const documents = `${world.url}/signature/documents`
  const { clientId } = production
  const secret = await world.database.db
    .selectFrom('client_secret')
    .select('id')
    .where('client_id', '=', clientId)
    .executeTakeFirstOrThrow()
  const asked = await world.inject(
    tokenRequest(production, 'grant_type=client_credentials&scope=document_read'),
  )
  const ids = {
    documentId: await create(documents, token, pdf()),
    sessionId,
    clientId,
    secretId: secret.id,
    requestId: String(asked.headers['request-id']),
  }
  const testDocumentId = await create(documents, await world.token(['document_write']), pdf())
  await world.app.recorder.flush()
  return { ids, testDocumentId }
}

function pdf(): FormData {
  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.7\n']), 'contract.pdf')
  return form
}

async function create(url: string, token: string, body?: FormData): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(url, { method: 'POST', headers, ...(body && { body }) })
  assert.equal(response.status, 201, await response.clone().text())
  const created: { id?: string } = await response.json()
  return created.id ?? ''
}
