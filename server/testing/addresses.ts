/** Addresses, each in a network of its own: who tries thousands of wrong credentials in a test meets no limit. */
export function createAddresses(): () => string {
  let made = 0
  return () => {
    made += 1
    return `10.${(made >> 8) & 255}.${made & 255}.1`
  }
}
