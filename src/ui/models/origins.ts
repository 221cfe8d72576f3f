import type { ModelOrigin } from '../../peer/view.ts'

/** Files of this device as a person gave them: by the names that a graph calls its weights, folders included where they are known. */
export const filesOrigin = (files: Iterable<File>): ModelOrigin => ({
  kind: 'files',
  files: Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, blob: file })),
})
