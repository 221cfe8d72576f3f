import type { Scope } from '../authority/report-shape.ts'

/** What the Authority page shows to whoever chose nothing there. Each is listed in the registry of defaults, as any other. */
export const DEFAULT_VIEW: {
  readonly scope: Scope
  readonly window: number
  readonly gripWeight: number
} = {
  /** Self-dealt jobs and staged disputes cost nothing: what touches nobody in the reader's own trust is one click away. */
  scope: 'mine',
  /** Decisions, the latest: ten times what any measure needs at least, so that there are windows enough to see drift in. */
  window: 200,
  /** v of each default in the default grip: alike, since nobody measured which of them weighs more. */
  gripWeight: 1,
}
