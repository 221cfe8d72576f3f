import { hash } from './hash.ts'
import type { PeerId } from './peer-id.ts'

const ADJECTIVES =
  'Able Amber Ample Bold Brave Brief Bright Brisk Calm Candid Clear Clever Cosy Crisp Daring Eager Early Fair Fleet Fond Frank Fresh Gentle Glad Golden Grand Green Happy Hardy Honest Humble Ivory Jolly Keen Kind Lively Lucid Lucky Mellow Merry Mild Modest Noble Patient Placid Plain Prompt Proud Quick Quiet Ready Rosy Rustic Sage Silver Sleek Snug Solid Sturdy Subtle Sunny Tidy Warm Wise'.split(
    ' ',
  )
const ANIMALS =
  'Badger Bear Beaver Bison Bittern Crane Cricket Curlew Deer Dolphin Dove Duck Eagle Egret Falcon Ferret Finch Fox Gannet Gecko Goose Grouse Hare Hawk Hedgehog Heron Horse Ibex Jackdaw Jay Kestrel Koala Lark Lemur Linnet Lion Lynx Magpie Marten Mole Moose Newt Otter Owl Panda Pigeon Plover Puffin Quail Rabbit Raven Robin Salmon Seal Skylark Sparrow Stork Swan Swift Tiger Toad Trout Turtle Wren'.split(
    ' ',
  )

/** Two words for a key, for people to speak of: one of 4,096, so two peers may share one. Never a proof of who it is. */
export function nicknameOf(peer: PeerId): string {
  const [a = 0, b = 0] = hash('moot/nickname', peer)
  return `${ADJECTIVES[a % ADJECTIVES.length] ?? ''} ${ANIMALS[b % ANIMALS.length] ?? ''}`
}
