import { MAX_MODEL, runFiles, sizeOf } from '../../domain/manifest.ts'
import type { ModelSummary } from '../../peer/view.ts'

/** Whether tabs run it. What is larger the room keeps and passes on, no more. */
export const isRunnable = ({ manifest }: Pick<ModelSummary, 'manifest'>): boolean =>
  sizeOf(runFiles(manifest)) <= MAX_MODEL
