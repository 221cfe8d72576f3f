import type { Settings, SettingsStore } from '../../ports/settings.ts'

/** Settings until the tab closes. */
export function memorySettingsStore(settings: Partial<Settings> = {}): SettingsStore {
  let kept = settings
  return {
    load: async () => kept,
    async save(changed) {
      kept = { ...changed }
    },
  }
}
