/**
 * What a headless Chromium needs to be several tabs of Moot on one machine: no sandbox since it may run as root, none of
 * the browser's own traffic, and a software WebGPU adapter, right for correctness and never for speed.
 */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Hidden tabs go on at full speed: the tabs of a rehearsal are all but one in the background.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--enable-unsafe-webgpu',
]
