import type { Clock } from '../../ports/clock.ts'
import type { OpenSource } from '../../ports/model-source.ts'
import { deviceFiles } from './device-files.ts'
import { HubSource } from './hub.ts'
import { webAddress } from './web-address.ts'

export interface SourcesInit {
  readonly clock: Clock
  /** Where `owner/name` is looked for: Hugging Face, or a mirror with its layout. */
  readonly hub?: string
}

/** Sources of models: files of this device, web addresses, a hub. In tabs and in Node alike. */
export function sources({ clock, hub = 'https://huggingface.co' }: SourcesInit): OpenSource {
  const components = { clock, fetch: (...args: Parameters<typeof fetch>) => fetch(...args) }
  return (origin) => {
    switch (origin.kind) {
      case 'files':
        return deviceFiles(origin.files)
      case 'url':
        return webAddress(components, origin.url)
      case 'hub':
        return new HubSource(components, { hub: hub.replace(/\/+$/, ''), origin })
      default:
        return origin satisfies never
    }
  }
}
