import type { IconName } from './icons.ts'
import type { Screen } from './route.ts'

/** A screen that one can go to from any other. */
type Place = Exclude<
  Screen['name'],
  'answer' | 'model' | 'add' | 'dispute' | 'measure' | 'case' | 'charter-text' | 'amend' | 'defaults'
>

/** In the order in which they are offered. */
export const PLACES: readonly (readonly [name: Place, icon: IconName, label: string])[] = [
  ['ask', 'ask', 'Ask'],
  ['models', 'models', 'Models'],
  ['disputes', 'disputes', 'Disputes'],
  ['authority', 'authority', 'Authority'],
  ['charter', 'charter', 'Charter'],
  ['peers', 'peers', 'Peers'],
  ['device', 'device', 'My device'],
  ['verify', 'receipt', 'Receipts'],
]

/** Places that a phone's bar has room for, beside one to open the others. */
export const IN_BAR = 4

/** Of the page, by screen. */
export const TITLES: Readonly<Record<Screen['name'], string>> = {
  'ask': 'Ask',
  'answer': 'Answer',
  'models': 'Models',
  'model': 'Model',
  'add': 'Add a model',
  'peers': 'Peers',
  'disputes': 'Disputes',
  'dispute': 'Dispute',
  'case': 'Case',
  'charter': 'Charter',
  'charter-text': 'A charter',
  'amend': 'Amend or fork',
  'defaults': 'Defaults',
  'authority': 'Authority',
  'measure': 'A measure of authority',
  'device': 'My device',
  'verify': 'Check a receipt',
}

/** Where one is while looking at what has no place of its own. */
export const PARENTS: Readonly<Partial<Record<Screen['name'], Place>>> = {
  'answer': 'ask',
  'model': 'models',
  'add': 'models',
  'dispute': 'disputes',
  'case': 'disputes',
  'charter-text': 'charter',
  'amend': 'charter',
  'defaults': 'charter',
  'measure': 'authority',
}
