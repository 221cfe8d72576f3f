import type { Channel, Net } from '../../ports/net.ts'
import { disputesTopic, MAX_REQUEST, MAX_STREAMS, PROTOCOL } from './constants.ts'

/** What is done with what comes. */
export interface DisputeListener {
  hear(data: Uint8Array): Promise<void>
  answer(channel: Channel): Promise<void>
}

/** Listens for disputes in a room. `wanted` gives who reads what comes, once something does. Returns the way to stop listening to gossip. */
export function listenForDisputes(
  net: Pick<Net, 'subscribe' | 'handle'>,
  room: string,
  wanted: () => Promise<DisputeListener>,
): () => void {
  const limits = { maxFrame: MAX_REQUEST, maxStreams: MAX_STREAMS }
  net.handle(PROTOCOL, limits, (channel) => {
    wanted()
      .then((listener) => listener.answer(channel))
      .catch(() => channel.abort('nothing here can answer'))
  })
  return net.subscribe(disputesTopic(room), (data) => {
    wanted()
      .then((listener) => listener.hear(data))
      .catch(() => {})
  })
}
