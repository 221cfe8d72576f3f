import { sentence } from '../../domain/fault.ts'
import type { ImportView } from '../../peer/view.ts'
import { transferWords } from './model-words.ts'

/** How far an import is, in a few words that follow its title. */
export function importWords({ phase, transfer, fault }: Pick<ImportView, 'phase' | 'transfer' | 'fault'>): string {
  switch (phase) {
    case 'looking':
      return 'is being looked up.'
    case 'choosing':
      return 'waits for you to choose a file.'
    case 'reading':
      return transfer ? `is being read: ${transferWords(transfer)}.` : 'is being read.'
    case 'checking':
      return 'is being checked.'
    case 'ready':
      return 'waits for its name and your word to publish it.'
    case 'signing':
      return 'is being signed.'
    case 'done':
      return 'is published.'
    case 'failed':
      return fault ? `was not added. ${sentence(fault)}` : 'was not added.'
    default:
      return phase satisfies never
  }
}
