/** A request at the token endpoint as the pipeline reads it. */
export interface TokenRequest {
  /** The value of the only `Authorization` header. */
  authorization: string | undefined
  /** The form's parameters; empty values are absent (RFC 6749 §3.2). */
  parameters: ReadonlyMap<string, string>
}
