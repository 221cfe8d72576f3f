import { fault } from '../../domain/fault.ts'

/** A path within a source as part of an address. Throws `MALFORMED` where it would lead out of it. */
export function encodedPath(path: string): string {
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw fault({ code: 'MALFORMED', what: 'path of a file', why: 'it leads out of the folder of its model' })
  return parts.map(encodeURIComponent).join('/')
}
