import type { Settings } from '../ports/settings.ts'

/** What a device does until its owner says otherwise. Each is a default with us as its owner. */
export const DEFAULT_SETTINGS: Settings = {
  paused: false,
  watching: false,
  engine: 'cpu',
  duty: 0.25,
  cacheBytes: 512 * 1024 * 1024,
  needsCourt: false,
  uploadBytesPerSecond: 0,
}
