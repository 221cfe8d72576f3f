import type { Siblings } from '../../ports/siblings.ts'

/** The tabs of this browser, by a BroadcastChannel: it brings nobody his own words. */
export function tabsOfThisBrowser(): Siblings {
  const channel = new BroadcastChannel('moot-models')
  return {
    tell: () => channel.postMessage('changed'),
    listen(onTold) {
      channel.addEventListener('message', onTold)
      return () => channel.close()
    },
  }
}
