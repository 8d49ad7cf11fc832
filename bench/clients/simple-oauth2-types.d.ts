// simple-oauth2 brings no types; this much of it is used.
declare module 'simple-oauth2' {
  export class ClientCredentials {
    constructor(settings: {
      client: { id: string; secret: string }
      auth: { tokenHost: string; tokenPath: string }
    })
    getToken(parameters: { scope: string }): Promise<{ token: { access_token: string } }>
  }
}
