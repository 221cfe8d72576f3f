import type { DType } from './tensor.ts'

/**
 * What can go wrong, as data: it survives structured clone, streams and JSON, where classes and codes do not.
 * `sentence` turns any of them into words that say what happened and what to do.
 */
export type Fault =
  // what a peer, a file or a URL sent
  | { code: 'MALFORMED'; what: string; why: string }
  | { code: 'TOO_LARGE'; what: string; bytes: number; limit: number }
  | { code: 'BAD_SIGNATURE'; what: string }
  | { code: 'OUT_OF_ORDER'; what: string; during: string }
  | { code: 'REPLAYED'; what: string }
  | { code: 'COMMITMENT_MISMATCH'; what: string }
  | { code: 'RATE_LIMITED'; what: string }
  // models and inputs
  | { code: 'MODEL_UNKNOWN'; model: string }
  | { code: 'MODEL_NOT_ONNX'; why: string }
  | { code: 'MODEL_REFUSED'; why: string }
  | { code: 'MODEL_NOT_LOADED'; model: string }
  /** `absent`: the source is there, and has no such file. */
  | { code: 'SOURCE_FAILED'; source: string; why: string; advice: string; absent?: true }
  | { code: 'WRONG_INPUT'; input: string; expected: string; got: string }
  | { code: 'WRONG_DTYPE'; input: string; expected: DType; got: string }
  // engines
  | { code: 'ENGINE_TIMED_OUT'; limitMs: number }
  | { code: 'ENGINE_OUT_OF_MEMORY'; limitBytes: number }
  | { code: 'ENGINE_FAILED'; why: string }
  | { code: 'ENGINE_UNAVAILABLE'; engine: string; why: string }
  | { code: 'SELF_TEST_FAILED'; operator: string; why: string }
  | { code: 'CANON_UNKNOWN'; canon: string }
  // the network and this device
  | { code: 'UNREACHABLE'; peer: string; why: string }
  | { code: 'NO_RELAY'; tried: number }
  | { code: 'BLOCK_MISSING'; digest: string }
  | { code: 'STORAGE_FULL'; bytes: number }
  | { code: 'STORAGE_UNAVAILABLE'; why: string }
  | { code: 'BROWSER_TOO_OLD'; lacks: string }
  | { code: 'INSECURE_PAGE' }
  | { code: 'CANCELLED' }
  | { code: 'TIMED_OUT'; what: string; limitMs: number }
  | { code: 'DECLINED'; why: string }
  | { code: 'NOBODY_LEFT'; attempts: number }
  | { code: 'CONTEST_REFUSED'; why: string }
  /** What somebody wants to do in a case before a jury is not theirs to do, or not now. */
  | { code: 'CASE_REFUSED'; why: string }
  /** Whoever has not signed the charter of a room leaves nothing in its records. */
  | { code: 'NOT_SIGNED' }
  /** This peer's own log, from its entry `at` on: it signs nothing more. */
  | { code: 'LOG_FORKED'; at: number }
  /** This peer's key is on its way to another device. */
  | { code: 'KEY_MOVED' }
  /** A key did not come here, or did not go. */
  | { code: 'KEY_NOT_MOVED'; why: string }

/** An expected failure on its way to whoever can act on it. */
export class MootError extends Error {
  override readonly name = 'MootError'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(sentence(fault))
    this.fault = fault
  }
}

/** Makes the error of a fault: `throw fault({ code: 'CANCELLED' })`. */
export const fault = (detail: Fault): MootError => new MootError(detail)

const megabytes = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1 << 20
      ? `${Math.ceil(bytes / 1024)} KiB`
      : `${Math.ceil(bytes / (1 << 20))} MiB`

/** One or two sentences for a person: what happened, and what to do about it. */
export function sentence(detail: Fault): string {
  switch (detail.code) {
    case 'MALFORMED':
      return `The ${detail.what} could not be read: ${detail.why}. Correct it, or use another.`
    case 'TOO_LARGE':
      return `The ${detail.what} is too large: ${megabytes(detail.bytes)}, and the limit is ${megabytes(detail.limit)}. Try something smaller.`
    case 'BAD_SIGNATURE':
      return `The signature on the ${detail.what} does not hold. It was altered, or it is not from who it says: do not rely on it.`
    case 'OUT_OF_ORDER':
      return `The ${detail.what} came at a wrong time (${detail.during}) and was ignored.`
    case 'REPLAYED':
      return `The ${detail.what} was seen before and was ignored.`
    case 'COMMITMENT_MISMATCH':
      return `The ${detail.what} does not match what was committed to: do not rely on it.`
    case 'RATE_LIMITED':
      return `Too many ${detail.what} at a time. Wait a moment and try again.`
    case 'MODEL_UNKNOWN':
      return `Nobody here holds the model ${detail.model}. Choose another, or open its file.`
    case 'MODEL_NOT_ONNX':
      return `This file is not an ONNX model: ${detail.why}. Choose a file that ends in .onnx.`
    case 'MODEL_REFUSED':
      return `This model cannot be run here: ${detail.why}. Choose another.`
    case 'MODEL_NOT_LOADED':
      return `The model ${detail.model} is not loaded. Load it first.`
    case 'SOURCE_FAILED':
      return `${detail.source} could not be read: ${detail.why}. ${detail.advice}`
    case 'WRONG_INPUT':
      return `Input "${detail.input}" does not fit: the model expects ${detail.expected}, and got ${detail.got}. Change it, or choose another model.`
    case 'WRONG_DTYPE':
      return `Input "${detail.input}" has the wrong type: the model expects ${detail.expected}, and got ${detail.got}. Give it as ${detail.expected}.`
    case 'ENGINE_TIMED_OUT':
      return `The model ran for more than ${Math.round(detail.limitMs / 1000)} s and was stopped. Try a smaller input or a smaller model.`
    case 'ENGINE_OUT_OF_MEMORY':
      return `The model needed more than ${megabytes(detail.limitBytes)} of memory and was stopped. Try a smaller input or a smaller model.`
    case 'ENGINE_FAILED':
      return `The engine could not run this: ${detail.why}. Try another input or another model.`
    case 'ENGINE_UNAVAILABLE':
      return `The ${detail.engine} engine cannot be used here: ${detail.why}. ${detail.engine === 'gpu' ? 'The CPU can be.' : 'Update the browser, or use another.'}`
    case 'SELF_TEST_FAILED':
      return `This GPU computes ${detail.operator} differently from the reference (${detail.why}). It will not be used; the CPU can be.`
    case 'CANON_UNKNOWN':
      return `This was computed by ${detail.canon}, which this version of the app does not know, so it cannot be re-run here.`
    case 'UNREACHABLE':
      return `No way to reach ${detail.peer}: ${detail.why}.`
    case 'NO_RELAY':
      if (detail.tried === 0) return 'No relay is named. Put its address in relays.json beside the app, or in ?relay=.'
      return `Can't reach the relay (${detail.tried} tried). Check the connection, or the relay addresses in relays.json or ?relay=.`
    case 'BLOCK_MISSING':
      return `Part ${detail.digest.slice(0, 12)} of the model could not be fetched from anybody. Ask again while a peer that holds it is here.`
    case 'STORAGE_FULL':
      return `This browser's storage has no room for ${megabytes(detail.bytes)} more. Models run from memory until some is freed.`
    case 'STORAGE_UNAVAILABLE':
      return `This browser's storage cannot be used: ${detail.why}. Nothing is kept across reloads.`
    case 'BROWSER_TOO_OLD':
      return `This browser has no ${detail.lacks}. Update it, or open this page in a newer one.`
    case 'INSECURE_PAGE':
      return 'The browser gives keys only to pages from a secure address. Open this page over https://, or on http://localhost.'
    case 'CANCELLED':
      return 'Cancelled.'
    case 'TIMED_OUT':
      return `The ${detail.what} took more than ${Math.round(detail.limitMs / 1000)} s. Try again.`
    case 'DECLINED':
      return `The tabs that were asked could not run it. One said: ${detail.why}`
    case 'NOBODY_LEFT':
      return `Nobody is left to answer (${detail.attempts} ${detail.attempts === 1 ? 'attempt' : 'attempts'}). Ask again when another tab is here.`
    case 'CONTEST_REFUSED':
      return `This answer cannot be contested: ${detail.why}.`
    case 'CASE_REFUSED':
      return `That cannot be done in this case: ${detail.why}.`
    case 'NOT_SIGNED':
      return 'You look on here: what you do is not recorded before you sign the charter of this room. Read and sign it, under Charter.'
    case 'LOG_FORKED':
      return `This key signed two different entries number ${detail.at + 1} of its log, as a copy of an older state does. What came before stands, and nothing more can be added: forget this key in My device, and join with a new one.`
    case 'KEY_MOVED':
      return 'This key was moved to another device, and signs nothing more here. Leave the room: whoever joins from here next has a new key.'
    case 'KEY_NOT_MOVED':
      return `The key was not moved: ${detail.why}.`
    default:
      return detail satisfies never
  }
}

/** The fault of anything thrown: a `MootError`'s own, an abort as `CANCELLED`, else `otherwise(message)`. */
export function faultOf(
  error: unknown,
  otherwise: (why: string) => Fault = (why) => ({ code: 'ENGINE_FAILED', why }),
): Fault {
  if (error instanceof MootError) return error.fault
  if (error instanceof Error && error.name === 'AbortError') return { code: 'CANCELLED' }
  return otherwise(error instanceof Error ? error.message : String(error))
}
