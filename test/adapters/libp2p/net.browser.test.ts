import { inject } from 'vitest'
import { netKit } from '../../kits/net.ts'
import { libp2pStage } from './stage.ts'

netKit('libp2p in Chromium', (count) => libp2pStage(inject('relays'), count))
