import { checkAddress } from '../../domain/model-origin.ts'
import type { ModelSource } from '../../ports/model-source.ts'
import { encodedPath } from './paths.ts'
import type { WebComponents } from './request.ts'
import { WebFile } from './web-file.ts'

/** One ONNX file at a web address. What its graph says lies beside it is looked for beside it. */
export function webAddress(components: WebComponents, address: string): ModelSource {
  const url = new URL(checkAddress(address))
  const path = nameOf(url)
  const fileAt = (where: URL, name: string) =>
    new WebFile(components, { url: where.href, source: `${name} at ${url.host}` })
  const model = fileAt(url, path)
  return {
    async list(options) {
      const { size, version } = await model.facts(options)
      return {
        name: path,
        // What follows may be a key to the file, and this goes to everybody.
        address: `${url.origin}${url.pathname}`,
        ...(version === undefined ? {} : { revision: version.slice(0, 64) }),
        files: [{ path, ...(size === undefined ? {} : { size }) }],
      }
    },
    read: (wanted, options) =>
      (wanted === path ? model : fileAt(new URL(encodedPath(wanted), url), wanted)).read(options),
  }
}

/** The last part of an address, as a person reads it. */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? hostname
  try {
    return decodeURIComponent(last).replace(/[\\/]/g, '-')
  } catch {
    return last
  }
}
