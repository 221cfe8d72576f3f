import { expect, test } from 'vitest'
import { eventually } from '../kits/eventually.ts'
import { aDigit, digits, openRoom } from '../kits/peers.ts'
import { WatchedClock } from '../kits/watched-clock.ts'

test(
  'whoever leaves cancels every ask, those that wait for their turn too, and leaves no timer behind',
  { timeout: 20_000 },
  async () => {
    const room = await openRoom()
    const clocks = [new WatchedClock(), new WatchedClock(), new WatchedClock()]
    try {
      const [ann, ...others] = await Promise.all(
        clocks.map((clock, i) => room.join(['ann', 'ben', 'cat'][i]!, { components: { clock } })),
      )
      await room.meshed(ann!, ...others)
      const asks = Array.from({ length: 40 }, () => ann!.ask({ model: digits(ann!), input: aDigit() }))
      await ann!.leave()
      const answers = await Promise.all(asks.map((ask) => ask.done))
      expect(new Set(answers.map(({ fault }) => fault?.code))).toEqual(new Set(['CANCELLED']))
      await Promise.all(others.map((peer) => peer.leave()))
      await eventually(() => expect(clocks.flatMap((clock) => clock.pendingOf(''))).toEqual([]))
    } finally {
      await room.close()
    }
  },
)
