import { expect, test } from 'vitest'
import { eventually } from '../kits/eventually.ts'
import { letIn } from '../kits/mallory.ts'
import { aDigit, digits, openRoom } from '../kits/peers.ts'

test('a link that a job needs is not given up for a newcomer', { timeout: 20_000 }, async () => {
  const room = await openRoom()
  try {
    const ann = await room.join('ann')
    const linked = () => ann.view.peers.filter(({ path }) => path === 'direct').map(({ id }) => id)
    const requesters = []
    for (let i = 0; i < 12; i++) {
      const requester = await letIn(room, `requester ${i}`, ann)
      await requester.ask(requester.offer(digits(ann), aDigit()))
      const [stream] = await requester.answersOf(ann)
      await stream!.hear('accept')
      requesters.push(requester.who.peer)
    }
    void letIn(room, 'newcomer', ann)
    await eventually(() => expect(ann.view.peers).toHaveLength(13))
    await eventually(() => expect(linked()).toHaveLength(12))
    expect(linked().toSorted()).toEqual(requesters.toSorted())
  } finally {
    await room.close()
  }
})
