import { DRAWER, PANEL, type MeasureKey } from '../domain/authority/report-shape.ts'
import type { ModelId } from '../domain/manifest.ts'

/** Where a person is, as the hash says it: room names stay out of server logs. */
export type Screen =
  | { readonly name: 'ask' | 'models' | 'add' | 'peers' | 'disputes' | 'authority' | 'device' | 'verify' }
  | { readonly name: 'charter' | 'amend' | 'defaults' }
  /** One charter by its CID, compared with another: with the one in force, where none is named. */
  | { readonly name: 'charter-text'; readonly id: string; readonly than?: string }
  /** A contest before a jury, by the id of its entry, hex. */
  | { readonly name: 'case'; readonly id: string }
  | { readonly name: 'model'; readonly id: ModelId }
  | { readonly name: 'answer'; readonly id: number }
  /** By its job, hex. */
  | { readonly name: 'dispute'; readonly id: string }
  | { readonly name: 'measure'; readonly key: MeasureKey }

export interface Route {
  readonly room: string
  /** The charter that the link names, where it names one. */
  readonly charter?: string
  readonly screen: Screen
}

export const DEFAULT_ROOM = 'commons'
/** Characters of the longest room name, as in an OFFER. */
const MAX_ROOM = 128
/** A CID in base32, as models and charters are named; the longest hash in use makes it half as long. */
const CID = /^b[a-z2-7]{1,128}$/
/** A sha-256, as jobs and entries are named. */
const JOB = /^[0-9a-f]{64}$/

/** Reads a hash (`#/r/<room>/answer/3`). Whatever it holds, there is a room and a screen. */
export function readRoute(hash: string): Route {
  const [path = ''] = hash.replace(/^#/, '').split('?')
  const [, r, room = '', name = '', id = '', than = ''] = path.split('/')
  const charter = charterOf(hash)
  return {
    room: (r === 'r' && decoded(room).slice(0, MAX_ROOM)) || DEFAULT_ROOM,
    ...(charter === undefined ? {} : { charter }),
    screen: readScreen(name, id, than),
  }
}

/** The charter that a room's link names (`#/r/tea?charter=bafy…`), as far as it can be one. */
export function charterOf(hash: string): string | undefined {
  const [, query = ''] = hash.split('?')
  const charter = new URLSearchParams(query).get('charter')
  return charter !== null && CID.test(charter) ? charter : undefined
}

export const linkTo = (room: string, screen: Screen): string => `#/r/${encodeURIComponent(room)}/${pathOf(screen)}`

/** What follows a link where its room goes by another charter than the one shipped with the app. */
export const naming = (charter: string | undefined): string => (charter === undefined ? '' : `?charter=${charter}`)

/** The whole address that brings another person into a room, relays given in `?relay=` included. `charter`: one that is not shipped. */
export const inviteTo = (
  room: string,
  page: Pick<Location, 'origin' | 'pathname' | 'search'>,
  charter?: string,
): string => `${page.origin}${page.pathname}${page.search}#/r/${encodeURIComponent(room)}${naming(charter)}`

function pathOf(screen: Screen): string {
  switch (screen.name) {
    case 'answer':
      return `answer/${screen.id}`
    case 'model':
      return `models/${screen.id}`
    case 'dispute':
      return `disputes/${screen.id}`
    case 'measure':
      return `authority/${screen.key}`
    case 'add':
      return 'models/add'
    case 'amend':
    case 'defaults':
      return `charter/${screen.name}`
    case 'charter-text':
      return `charter/${screen.id}${screen.than === undefined ? '' : `/${screen.than}`}`
    case 'case':
      return `case/${screen.id}`
    default:
      return screen.name
  }
}

function readScreen(name: string, id: string, than: string): Screen {
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
    case 'charter':
      if (id === 'amend' || id === 'defaults') return { name: id }
      if (!CID.test(id)) return { name }
      return { name: 'charter-text', id, ...(CID.test(than) ? { than } : {}) }
    case 'case':
      return JOB.test(id) ? { name, id } : { name: 'disputes' }
    case 'authority': {
      const key = [...PANEL, ...DRAWER].find((each) => each === id)
      return key === undefined ? { name } : { name: 'measure', key }
    }
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
