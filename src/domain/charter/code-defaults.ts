import { CHECKING_DEFAULTS } from './checking-defaults.ts'
import type { CodeDefault } from './code-default.ts'
import { DEVICE_DEFAULTS } from './device-defaults.ts'
import { SCREEN_DEFAULTS } from './screen-defaults.ts'

/** Everything that the code decides for people who did not choose, where no charter says it. */
export const CODE_DEFAULTS: readonly CodeDefault[] = [...CHECKING_DEFAULTS, ...SCREEN_DEFAULTS, ...DEVICE_DEFAULTS]
