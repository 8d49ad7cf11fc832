import { useEffect, useState } from 'react'

/**
 * The token of a link, from behind `#`: no server and no log has seen it. It is taken out of the address at once, so
 * that it stays in no history and is in no picture of the screen.
 */
export function useLinkToken(): string | undefined {
  const [token, setToken] = useState(takeToken)
  useEffect(() => {
    // The link may be opened in the tab that shows this page already.
    const look = () => setToken((before) => takeToken() ?? before)
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  return token
}

function takeToken(): string | undefined {
  const found = new URLSearchParams(window.location.hash.slice(1)).get('token') ?? undefined
  if (found !== undefined) window.history.replaceState(window.history.state, '', window.location.pathname)
  return found
}
