import { fault } from '../../domain/fault.ts'

/** Labels of the largest classifiers, and characters of one: as many as a manifest holds. */
const MAX_LABELS = 65_536
const MAX_LABEL = 128
/** Bytes of the largest file of labels read. */
const MAX_BYTES = 8 * 1024 * 1024

/** ImageNet's lists put the number of a noun before its name (https://image-net.org): no label of anything. */
const SYNSET = /^n\d{8}\s+/
/** A line of a dictionary, as Python writes it: `0: 'tench, Tinca tinca',`. */
const ENTRY = /^\{?\s*["']?\d+["']?\s*:\s*(["'])(.*)\1\s*[,}]*$/

/**
 * The labels in a text: one on each line, or a JSON list, or a dictionary by number as JSON or Python write it. Blank lines
 * at the end are none. Throws `TOO_LARGE`.
 */
export function labelsFrom(text: string): readonly string[] {
  if (text.length > MAX_BYTES)
    throw fault({ code: 'TOO_LARGE', what: 'list of labels', bytes: text.length, limit: MAX_BYTES })
  const labels = fromJson(text) ?? text.trimEnd().split(/\r?\n/).map(labelOf)
  if (labels.length > MAX_LABELS)
    throw fault({ code: 'MALFORMED', what: 'list of labels', why: `it has more than ${MAX_LABELS}` })
  return labels.length === 1 && labels[0] === '' ? [] : labels.map((label) => label.slice(0, MAX_LABEL))
}

/** Reads a file of labels. Rejects with `TOO_LARGE`, `MALFORMED`. */
export async function readLabelFile(file: Blob): Promise<readonly string[]> {
  if (file.size > MAX_BYTES)
    throw fault({ code: 'TOO_LARGE', what: 'list of labels', bytes: file.size, limit: MAX_BYTES })
  return labelsFrom(await file.text())
}

function labelOf(line: string): string {
  const trimmed = line.trim()
  return (ENTRY.exec(trimmed)?.[2] ?? trimmed).replace(SYNSET, '')
}

function fromJson(text: string): readonly string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return value.map(String)
    if (typeof value !== 'object' || value === null) return undefined
    // Numbers as keys come in their order.
    return Object.values(value).map(String)
  } catch {
    return undefined
  }
}
