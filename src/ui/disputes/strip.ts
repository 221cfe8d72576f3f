import type { StripView } from '../../peer/dispute-view.ts'

/** How an operator of a strip is marked. */
export type StoneKind =
  /** Both sides say the same of what it made. */
  | 'agree'
  /** Here they part. */
  | 'differ'
  /** Builds on what differs: not compared. */
  | 'after'
  /** Not compared yet. */
  | 'open'

/** How each operator is marked, by its place. */
export function kindOf({ agreed, differs }: Pick<StripView, 'agreed' | 'differs'>, place: number): StoneKind {
  if (place === differs) return 'differ'
  if (place < agreed) return 'agree'
  return differs === undefined ? 'open' : 'after'
}

/** Elements in a page that a phone still scrolls smoothly. */
export const MOST_SHOWN = 600

/** The places shown of a strip: all, or those about the first difference (or how far the comparison has come). */
export function shownOf({ operators, agreed, differs }: StripView): { readonly from: number; readonly to: number } {
  const { length } = operators
  if (length <= MOST_SHOWN) return { from: 0, to: length }
  const from = Math.max(0, Math.min(length - MOST_SHOWN, (differs ?? agreed) - MOST_SHOWN / 2))
  return { from, to: from + MOST_SHOWN }
}
