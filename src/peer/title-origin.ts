import type { ModelOrigin } from '../ports/model-source.ts'

/** What an origin is called, until its source says more. */
export function titleOf(origin: ModelOrigin): string {
  switch (origin.kind) {
    case 'files':
      return origin.files.find(({ path }) => /\.onnx$/i.test(path))?.path ?? origin.files[0]?.path ?? 'model'
    case 'url':
      return origin.url
    case 'hub':
      return origin.repository
    default:
      return origin satisfies never
  }
}
