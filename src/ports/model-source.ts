import type { WebOrigin } from '../domain/model-origin.ts'

/** A file that a source offers. */
export interface SourceFile {
  /** Relative, as the source calls it. */
  readonly path: string
  /** Bytes, where the source says so. */
  readonly size?: number
}

/** What a source offers, and what it says of the model beside the files. */
export interface SourceListing {
  /** What the model is called there: a repository's last part, or a file's name. */
  readonly name: string
  /** Where it is, for the manifest; absent where it is a person's own device. */
  readonly address?: string
  /** The commit, tag or date by which the source names this state of the files. */
  readonly revision?: string
  readonly licence?: string
  readonly task?: string
  readonly files: readonly SourceFile[]
}

/** A file on its way. */
export interface Reading {
  /** Bytes of the whole file, where the source says so. */
  readonly size?: number
  /** The byte at which `chunks` begins: what was asked for, or 0 where the source cannot begin anywhere else. */
  readonly from: number
  /** Names these very bytes: a strong ETag, or the hash that a hub gives. Absent where the source has no name for them. */
  readonly version?: string
  /** In order, each lent until the next is asked for. Ends early only by throwing. Reads no faster than it is read. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Where a model is imported from. What can go wrong comes out as a `MootError`: `SOURCE_FAILED`, `TOO_LARGE`, `MALFORMED`, `CANCELLED`. */
export interface ModelSource {
  /** Looks what is there, without reading any of it. */
  list(options?: { signal?: AbortSignal }): Promise<SourceListing>
  /**
   * Reads a file from the byte `from` on, where these still are the bytes of `version`; else from 0. The far end's answer
   * is checked for what it is: a page that says "not found" is no file.
   */
  read(path: string, options?: { from?: number; version?: string; signal?: AbortSignal }): Promise<Reading>
}

/** Where a person wants a model from. */
export type ModelOrigin =
  /** Files of this device: an ONNX file and what lies beside it (external weights, labels, a tokenizer, settings). */
  { readonly kind: 'files'; readonly files: readonly { readonly path: string; readonly blob: Blob }[] } | WebOrigin

/** Makes the source of an origin. Throws `MALFORMED` where the origin is none: no web address, no repository's name. */
export type OpenSource = (origin: ModelOrigin) => ModelSource
