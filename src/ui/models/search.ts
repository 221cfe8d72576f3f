import type { ModelSummary } from '../../peer/view.ts'

/** A model, and the label through which it was found where nothing else about it was. */
export interface Found {
  readonly model: ModelSummary
  readonly label?: string
}

/** Letters with which every key begins: they tell nothing apart. */
const ALIKE = '12D3KooW'.length

/** The models of which every word is found: in name, version, publisher, key, task and licence, or in one of the labels. */
export function search(models: readonly ModelSummary[], query: string): readonly Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const holds = (text: string) => {
    const lower = text.toLowerCase()
    return words.every((word) => lower.includes(word))
  }
  return models.flatMap((model): readonly Found[] => {
    const { name, version, publisher, task = '', licence, labels } = model.manifest
    const key = publisher.slice(ALIKE)
    if (holds([name, version, model.publisher, key, task, licence].join('\n'))) return [{ model }]
    const label = labels?.names.find(holds)
    return label === undefined ? [] : [{ model, label }]
  })
}
