import { MootError } from '../../domain/fault.ts'

const ADD_THE_FILE = 'Download it yourself, and add the file from this device.'

const WITH_PERMISSION = 'Download it where you have that permission, and add the file from this device.'

/** What can be wrong with a source, in words: why, and what to do. */
const FAILURES = {
  nothing: ['there is nothing at its address (404)', 'Check the address for a typing error.'],
  permission: [
    'its server asks for a permission that Moot does not have: it is private, or its owner lets in only who agreed to terms',
    WITH_PERMISSION,
  ],
  gated: ['its owner lets in only who agreed to terms, and Moot has no account there', WITH_PERMISSION],
  busy: ['its server has had too many requests from here (429)', 'Wait a few minutes and try again.'],
  cors: ['its server does not let pages of other sites read it (CORS)', ADD_THE_FILE],
  mixed: [
    'this page came over https, and a browser then reads nothing over http',
    `Use its https:// address. Or: ${ADD_THE_FILE}`,
  ],
  redirects: [
    'its address leads to another, and that one to no file: round in circles, or out of the web',
    'Use the address of the file itself.',
  ],
  unreachable: ['nothing answers at its address', 'Check the address and the connection, and try again.'],
  silent: ['its server does not answer', 'Try again later: what was read is kept, and reading goes on from there.'],
  cut: ['the connection is cut again and again', 'Try again: what was read is kept, and reading goes on from there.'],
  changed: ['it was changed while it was being read', 'Import it again.'],
  page: [
    'its address leads to a web page, not to a file',
    'Use the address of the file itself: at Hugging Face, the one behind its download button.',
  ],
  longer: ['it is longer than its server said', 'Try again, or ask whoever runs the server.'],
  empty: ['it holds no bytes', 'Choose another file.'],
  offset: ['its server sent another part of it than was asked for', ADD_THE_FILE],
  missing: ['it is not among the files that were given', 'Drop it together with the model.'],
  gone: ['it was moved or changed since it was given', 'Choose the files again.'],
  noRepository: [
    'it is private or gated, or there is no repository of this name',
    'Check the name. What you have a permission for, download yourself, and add the files from this device.',
  ],
  noAnswer: ['its server answers with something else than a list of files', 'Try again later.'],
} as const satisfies Record<string, readonly [why: string, advice: string]>

export type Failure = keyof typeof FAILURES | 'refused' | 'broken'

/** A source that failed, and in which of the known ways: for what this folder does about it. */
export class SourceError extends MootError {
  readonly failure: Failure

  constructor(failure: Failure, source: string, why: string, advice: string) {
    const absent = failure === 'nothing' || failure === 'missing'
    super({ code: 'SOURCE_FAILED', source, why, advice, ...(absent ? { absent } : {}) })
    this.failure = failure
  }
}

/** The error of a source that failed. `source` is what a person calls it. */
export function failed(source: string, failure: keyof typeof FAILURES): SourceError {
  const [why, advice] = FAILURES[failure]
  return new SourceError(failure, source, why, advice)
}

/** The error of an HTTP status that brings no file. */
export function refused(source: string, status: number): SourceError {
  if (status === 404 || status === 410) return failed(source, 'nothing')
  if (status === 401 || status === 403) return failed(source, 'permission')
  if (status === 429) return failed(source, 'busy')
  if (status >= 300 && status < 400) return failed(source, 'redirects')
  const advice = `Try again later. Or: ${ADD_THE_FILE}`
  return status >= 500
    ? new SourceError('broken', source, `its server has a problem of its own (${status})`, advice)
    : new SourceError('refused', source, `its server answered with ${status}`, advice)
}
