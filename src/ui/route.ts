import type { ModelId } from '../domain/manifest.ts'

/** Where a person is, as the hash says it: room names stay out of server logs. */
export type Screen =
  | { readonly name: 'ask' | 'models' | 'add' | 'peers' | 'disputes' | 'device' | 'verify' }
  | { readonly name: 'model'; readonly id: ModelId }
  | { readonly name: 'answer'; readonly id: number }
  /** By its job, hex. */
  | { readonly name: 'dispute'; readonly id: string }

export interface Route {
  readonly room: string
  readonly screen: Screen
}

export const DEFAULT_ROOM = 'commons'
/** Characters of the longest room name, as in an OFFER. */
const MAX_ROOM = 128
/** A CID in base32, as models are named; the longest hash in use makes it half as long. */
const CID = /^b[a-z2-7]{1,128}$/
/** A sha-256, as jobs are named. */
const JOB = /^[0-9a-f]{64}$/

/** Reads a hash (`#/r/<room>/answer/3`). Whatever it holds, there is a room and a screen. */
export function readRoute(hash: string): Route {
  const [, r, room = '', name = '', id = ''] = hash.replace(/^#/, '').split('/')
  return { room: (r === 'r' && decoded(room).slice(0, MAX_ROOM)) || DEFAULT_ROOM, screen: readScreen(name, id) }
}

export const linkTo = (room: string, screen: Screen): string => `#/r/${encodeURIComponent(room)}/${pathOf(screen)}`

/** The whole address that brings another person into a room, relays given in `?relay=` included. */
export const inviteTo = (room: string, page: Pick<Location, 'origin' | 'pathname' | 'search'>): string =>
  `${page.origin}${page.pathname}${page.search}#/r/${encodeURIComponent(room)}`

function pathOf(screen: Screen): string {
  switch (screen.name) {
    case 'answer':
      return `answer/${screen.id}`
    case 'model':
      return `models/${screen.id}`
    case 'dispute':
      return `disputes/${screen.id}`
    case 'add':
      return 'models/add'
    default:
      return screen.name
  }
}

function readScreen(name: string, id: string): Screen {
  switch (name) {
    case 'peers':
    case 'device':
    case 'verify':
      return { name }
    case 'models':
      if (id === '' || id === 'add') return { name: id || name }
      return CID.test(id) ? { name: 'model', id } : { name }
    case 'disputes':
      return JOB.test(id) ? { name: 'dispute', id } : { name }
    case 'answer':
      return /^\d{1,9}$/.test(id) ? { name, id: Number(id) } : { name: 'ask' }
    default:
      return { name: 'ask' }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
