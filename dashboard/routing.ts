// The little that pages need of the router: where they are, and how to go elsewhere.
import { useParams, useRouter, useSearch as useRouterSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { type Environment, isEnvironment } from './paths.ts'

/** What stands behind `?`: text, each page reads its own. */
export type Search = Readonly<Record<string, string>>

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text))
}

/** Leaves out what is empty. @returns with its `?`, or nothing. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  )
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`
}

/** A part of the address, e.g. `clientId`. @throws {Error} on a page that has none. */
export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false })
  const value = params[name]
  if (value === undefined) throw new Error(`This page has no ${name} in its address.`)
  return value
}

/** The environment that the address names. */
export function useEnvironment(): Environment {
  const environment = useParam('environment')
  if (!isEnvironment(environment)) throw new Error('This page has no environment.')
  return environment
}

/** The state that a page keeps in its address, and how to change it: an empty value takes a name out. */
export function useSearch(): [Search, (change: Readonly<Record<string, string | undefined>>) => void] {
  const router = useRouter()
  const found: Record<string, unknown> = useRouterSearch({ strict: false })
  const search = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(found).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      ),
    [found],
  )
  const change = useCallback(
    (wish: Readonly<Record<string, string | undefined>>) => {
      const { pathname, hash } = router.state.location
      router.history.replace(`${pathname}${writeSearch({ ...search, ...wish })}${hash ? `#${hash}` : ''}`)
    },
    [router, search],
  )
  return [search, change]
}

export interface HowToGo {
  /** The page before is not gone back to. */
  replace?: boolean
  /** No leave guard asks: what it guards is saved. */
  unguarded?: boolean
}

/** Goes to an address of `paths.ts`. */
export function useGo(): (href: string, how?: HowToGo) => void {
  const router = useRouter()
  return useCallback(
    (href, { replace, unguarded = false } = {}) => {
      const options = { ignoreBlocker: unguarded }
      if (replace) router.history.replace(href, undefined, options)
      else router.history.push(href, undefined, options)
    },
    [router],
  )
}
