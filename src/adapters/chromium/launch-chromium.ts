import { chromium, type Browser, type LaunchOptions } from 'playwright'
import { findChromium } from './find-chromium.ts'
import { CHROMIUM_FLAGS } from './flags.ts'

/** Starts a headless Chromium with a fresh profile. Whoever starts it closes it. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium()
  return chromium.launch({
    ...options,
    args: [...CHROMIUM_FLAGS, ...(options.args ?? [])],
    ...(executablePath ? { executablePath } : {}),
  })
}
