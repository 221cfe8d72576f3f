import type { BroughtKey } from './joining.ts'

/** The words for a key that goes from one device to another. Pure. */

const counted = (records: number): string => (records === 1 ? 'one record' : `${records.toLocaleString('en')} records`)

/** What whoever moves a key must know before the file is made. */
export const movingWords = (records: number): readonly string[] => [
  `The file holds the key and all of this room's records that are here: ${counted(records)}. In other rooms it goes on from what others hold of it.`,
  'This device forgets the key and leaves the room. Whoever joins from here next has a new key.',
  'Use it on one device alone. Two that sign with one key fork its log, and from there on nothing that it signs is taken.',
  'On the other device, open this room and choose “Bring a key from another device” before you join. Delete the file once you have.',
]

/** What came with the file. */
export const broughtWords = ({ own, records }: Pick<BroughtKey, 'own' | 'records'>): string =>
  own === 0
    ? `It has signed nothing in this room yet. ${records === 0 ? 'No records came with it.' : `With it came ${counted(records)} of others.`}`
    : `It goes on after ${counted(own)} of its own; ${counted(records)} came with it in all.`
