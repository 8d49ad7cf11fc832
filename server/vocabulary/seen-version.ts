/** Which state of something a caller has seen, who changes it: a version, or any (`If-Match: *`). */
export type SeenVersion = number | 'any'
