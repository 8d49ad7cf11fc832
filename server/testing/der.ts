// Just enough of DER (X.690) to write certificates for tests, with any name, date and extension.

export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}

export const sequence = (...contents: readonly Buffer[]) => tlv(0x30, ...contents)
export const set = (...contents: readonly Buffer[]) => tlv(0x31, ...contents)
export const octets = (content: Buffer) => tlv(0x04, content)
export const bits = (content: Buffer, unused = 0) => tlv(0x03, Buffer.from([unused]), content)
export const text = (value: string) => tlv(0x0c, Buffer.from(value))
export const integer = (value: Buffer) => tlv(0x02, value)
export const yes = tlv(0x01, Buffer.from([255]))

/** GeneralizedTime (RFC 5280 §4.1.2.5.2). */
export const time = (ms: number) =>
  tlv(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`))

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 127]
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128)
    return digits
  })
  return tlv(0x06, Buffer.from(bytes))
}
