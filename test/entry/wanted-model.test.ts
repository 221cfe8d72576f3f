import { describe, expect, test } from 'vitest'
import { MootError } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import { meant, readWanted, type RoomModel } from '../../src/entry/wanted-model.ts'
import { digits, modelOf } from '../kits/fake-models.ts'
import { person } from '../kits/keys.ts'

const ann = person('ann').peer
const read = (text: string) => readWanted(text, (path) => path === 'models/squeezenet.onnx' || path === 'digits@1')
const id = 'bafyreibdzf4scp4e5z5tljdgrpwtee4exf7p74eifntvhj55xlfy3epr24'

describe('which model a person means', () => {
  test.each([
    [id, { kind: 'id', id }],
    ['models/squeezenet.onnx', { kind: 'file', path: 'models/squeezenet.onnx' }],
    ['digits@1', { kind: 'file', path: 'digits@1' }],
    ['squeezenet', { kind: 'name', name: 'squeezenet' }],
    ['squeezenet@1.1', { kind: 'name', name: 'squeezenet', version: '1.1' }],
    ['Kind Tiger/squeezenet@1', { kind: 'name', publisher: 'Kind Tiger', name: 'squeezenet', version: '1' }],
    [`${ann}/squeezenet`, { kind: 'name', publisher: ann, name: 'squeezenet' }],
    ['onnx-community/squeezenet', { kind: 'web', origin: { kind: 'hub', repository: 'onnx-community/squeezenet' } }],
    [
      'onnx-community/squeezenet@abc',
      { kind: 'web', origin: { kind: 'hub', repository: 'onnx-community/squeezenet', revision: 'abc' } },
    ],
    ['https://example.org/a.onnx', { kind: 'web', origin: { kind: 'url', url: 'https://example.org/a.onnx' } }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual({ text, ...expected })
  })

  test.each(['nowhere.onnx', 'a@1@2', 'a\u001b[2Jb', '', 'name@ver sion', 'ftp://example.org/a', 'a/b/c/d'])(
    '%s is none',
    (text) => {
      expect(() => read(text)).toThrow(MootError)
    },
  )
})

describe('the models of a room that may be meant', () => {
  const first = modelOf({ ...digits.manifest, name: 'squeezenet', version: '1', publisher: ann })
  const second = modelOf({ ...digits.manifest, name: 'squeezenet', version: '2', publisher: ann, parent: first.id })
  const ben = person('ben').peer
  const namesake = modelOf({ ...digits.manifest, name: 'squeezenet', version: '1', publisher: ben, parent: second.id })
  const models = [first, second, namesake, digits]
  const ids = (text: string) => meant(read(text) as RoomModel, models).map((model) => model.id)

  test('are the latest of each publisher, unless a version is named', () => {
    expect(ids('squeezenet')).toEqual([second.id, namesake.id])
    expect(ids('squeezenet@1')).toEqual([first.id, namesake.id])
    expect(ids(`${ann}/squeezenet`)).toEqual([second.id])
    expect(ids(`${nicknameOf(ben)}/squeezenet@1`)).toContain(namesake.id)
    expect(ids(first.id)).toEqual([first.id])
    expect(ids('mobilenet')).toEqual([])
  })
})
