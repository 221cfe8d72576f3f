import { createMemoryNetwork } from '../../../src/adapters/memory/network.ts'
import { netKit } from '../../kits/net.ts'

netKit('the memory network', async (count) => {
  const network = createMemoryNetwork()
  const peers = Array.from({ length: count }, (_, i) => network.peer(`peer-${i}`))
  for (const peer of peers) await peer.start()
  return {
    peers,
    crash: (peer) => network.crash(peer.self),
    close: async () => {
      for (const peer of peers) await peer.stop()
    },
  }
})
