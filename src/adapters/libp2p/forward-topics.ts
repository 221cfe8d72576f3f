import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p } from '@libp2p/interface'

/** Only Moot's own topics: a relay is no gossip server for whoever asks. */
const PREFIX = '/moot/'

/** Topics forwarded at a time, and the characters of one: rooms come and go, and anybody can name them. */
const MAX_TOPICS = 1_000
const MAX_TOPIC_LENGTH = 256

/** Makes a relay take part in every topic that a peer of it does, until nobody is left in it: gossip is forwarded only within a topic. */
export function forwardTopics(node: Libp2p<{ pubsub: GossipSub }>): void {
  const { pubsub } = node.services
  let stale = false
  pubsub.addEventListener('subscription-change', ({ detail: { subscriptions } }) => {
    const topics = new Set(pubsub.getTopics())
    for (const { topic, subscribe } of subscriptions) {
      if (!subscribe) stale = true
      else if (!topics.has(topic) && topics.size < MAX_TOPICS && ours(topic)) {
        topics.add(topic)
        pubsub.subscribe(topic)
      }
    }
  })
  node.addEventListener('peer:disconnect', () => {
    stale = true
  })
  pubsub.addEventListener('gossipsub:heartbeat', () => {
    if (!stale) return
    stale = false
    for (const topic of pubsub.getTopics()) if (pubsub.getSubscribers(topic).length === 0) pubsub.unsubscribe(topic)
  })
}

const ours = (topic: string): boolean => topic.startsWith(PREFIX) && topic.length <= MAX_TOPIC_LENGTH
