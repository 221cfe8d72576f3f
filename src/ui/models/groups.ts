import type { ModelSummary } from '../../peer/view.ts'
import type { Found } from './search.ts'

/** The versions of one publisher's model, newest first. */
export interface Group {
  readonly newest: Found
  readonly older: readonly Found[]
  /** Another key publishes a model of this name. */
  readonly nameShared: boolean
}

/** Models by publisher and name, in the order in which the room lists the first of each. */
export function groupsOf(found: readonly Found[], all: readonly ModelSummary[]): readonly Group[] {
  const groups = Map.groupBy(found, ({ model: { manifest } }) => `${manifest.publisher}/${manifest.name}`)
  return Array.from(groups.values(), (versions) => {
    const ages = new Map(versions.map((each) => [each, ancestors(each.model, all)]))
    const [newest, ...older] = versions.toSorted(
      (a, b) => (ages.get(b) ?? 0) - (ages.get(a) ?? 0) || byVersion(b.model, a.model),
    )
    if (newest === undefined) throw new RangeError('a group has at least the model that made it')
    return { newest, older, nameShared: isNameShared(newest.model, all) }
  })
}

/** Whether another key publishes a model of this name: nobody owns a name but among their own. */
export const isNameShared = ({ manifest }: ModelSummary, all: readonly ModelSummary[]): boolean =>
  all.some(({ manifest: { name, publisher } }) => name === manifest.name && publisher !== manifest.publisher)

/** The other versions of a model by its publisher, newest first. */
export const otherVersions = (model: ModelSummary, all: readonly ModelSummary[]): readonly ModelSummary[] =>
  all
    .filter(
      ({ id, manifest }) =>
        id !== model.id && manifest.name === model.manifest.name && manifest.publisher === model.manifest.publisher,
    )
    .toSorted((a, b) => ancestors(b, all) - ancestors(a, all) || byVersion(b, a))

/** How many versions came before it, as far as they are known here. A CID names what it names: the chain has an end. */
function ancestors({ manifest: { parent } }: ModelSummary, all: readonly ModelSummary[]): number {
  const before = parent === undefined ? undefined : all.find(({ id }) => id === parent)
  return before === undefined ? 0 : 1 + ancestors(before, all)
}

const byVersion = (a: ModelSummary, b: ModelSummary): number =>
  a.manifest.version.localeCompare(b.manifest.version, 'en', { numeric: true })
