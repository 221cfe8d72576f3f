/** Where a person is, as the hash says it: room names stay out of server logs. */
export type Screen =
  | { readonly name: 'ask' | 'peers' | 'device' | 'verify' }
  | { readonly name: 'answer'; readonly id: number }

export interface Route {
  readonly room: string
  readonly screen: Screen
}

export const DEFAULT_ROOM = 'commons'
/** Characters of the longest room name, as in an OFFER. */
const MAX_ROOM = 128

/** Reads a hash (`#/r/<room>/answer/3`). Whatever it holds, there is a room and a screen. */
export function readRoute(hash: string): Route {
  const [, r, room = '', name = '', id = ''] = hash.replace(/^#/, '').split('/')
  return { room: (r === 'r' && decoded(room).slice(0, MAX_ROOM)) || DEFAULT_ROOM, screen: readScreen(name, id) }
}

export const linkTo = (room: string, screen: Screen): string =>
  `#/r/${encodeURIComponent(room)}/${screen.name === 'answer' ? `answer/${screen.id}` : screen.name}`

/** The whole address that brings another person into a room, relays given in `?relay=` included. */
export const inviteTo = (room: string, page: Pick<Location, 'origin' | 'pathname' | 'search'>): string =>
  `${page.origin}${page.pathname}${page.search}#/r/${encodeURIComponent(room)}`

function readScreen(name: string, id: string): Screen {
  switch (name) {
    case 'peers':
    case 'device':
    case 'verify':
      return { name }
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
