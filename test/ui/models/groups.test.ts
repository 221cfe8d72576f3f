import { describe, expect, test } from 'vitest'
import { groupsOf, otherVersions } from '../../../src/ui/models/groups.ts'
import { search } from '../../../src/ui/models/search.ts'
import { digits, idOf, modelOf, moods, photographs, sums } from '../../kits/fake-models.ts'

const version = (text: string, parent?: string) =>
  modelOf({ ...photographs.manifest, version: text, ...(parent === undefined ? {} : { parent }) })
const namesake = modelOf({ ...photographs.manifest, publisher: idOf('bay') })
const found = (...models: Parameters<typeof search>[0]) => search(models, '')

describe('versions', () => {
  test('of one publisher and name are one group, the newest first', () => {
    const [group, ...others] = groupsOf(found(version('1.9'), version('1.10'), version('1.2')), [])
    expect(others).toEqual([])
    expect(group?.newest.model.manifest.version).toBe('1.10')
    expect(group?.older.map(({ model }) => model.manifest.version)).toEqual(['1.9', '1.2'])
  })

  test('are told by what comes after what, whatever they are called', () => {
    const first = version('2024')
    const second = version('autumn', first.id)
    const third = version('3', second.id)
    const all = [second, first, third]
    expect(groupsOf(found(...all), all)[0]?.newest.model).toBe(third)
    expect(otherVersions(second, all)).toEqual([third, first])
  })

  test('of another key are a group of their own, and both are marked', () => {
    const all = [photographs, namesake, digits]
    expect(groupsOf(found(...all), all).map(({ nameShared }) => nameShared)).toEqual([true, true, false])
  })
})

describe('a search', () => {
  const all = [digits, photographs, moods, sums]
  const names = (query: string) => search(all, query).map(({ model }) => model.manifest.name)

  test('finds names, publishers, keys, tasks and licences, whatever their case', () => {
    expect(names('SQUEEZE')).toEqual(['squeezenet'])
    expect(names(photographs.publisher.toLowerCase())).toContain('squeezenet')
    expect(names(photographs.manifest.publisher.slice(8))).toEqual(['squeezenet'])
    expect(names('12D3Koo')).toEqual([])
    expect(names('text-class')).toEqual(['moods'])
    expect(names('apache')).toEqual(['squeezenet'])
  })

  test('wants every word, and nothing where there is none', () => {
    expect(names('image squeezenet')).toEqual(['squeezenet'])
    expect(names('image moods')).toEqual([])
    expect(names('  ')).toHaveLength(4)
  })

  test('finds what a model knows, and says by which label', () => {
    expect(search(all, 'gorse')).toEqual([{ model: photographs, label: 'gorse, furze, whin' }])
  })
})
