import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { fault } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { digits, idOf, moods, opinionOf, photographs, sums } from '../kits/fake-models.ts'
import type { FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: SceneName) => {
  localStorage.clear()
  ;({ app, peer } = await mountScene(scene))
}
afterEach(() => app.remove())

const press = async (name: string) => {
  control(name).click()
  await settled(app)
}
const type = async (selector: string, text: string) => {
  const field = element<HTMLInputElement>(selector)
  field.value = text
  field.dispatchEvent(new Event('input'))
  await settled(app)
}
const buttons = () =>
  [...everyElement()].filter((each) => each.matches('button')).map((each) => each.textContent.trim())

describe('the list', () => {
  beforeEach(() => open('models'))

  test('says of each model whose it is, how large, who holds it and what of it is here', () => {
    expect(pageText()).toContain('7 models · 39 MiB of 256 MiB for models on this device')
    expect(pageText()).toMatch(new RegExp(`squeezenet 1.1 ${nicknameOf(idOf('oak'))} oakx…xxxx`))
    expect(pageText()).toContain('4.7 MiB · image-classification · Apache-2.0')
    expect(pageText()).toContain('not here held by 3 other tabs endorsed by 2')
    expect(pageText()).toContain('coming: 41 %, 12 s left')
  })

  test('puts the versions of one publisher under the newest, and tells two keys of one name apart', () => {
    expect(pageText()).toContain('One older version')
    expect(pageText().match(/Another key publishes a model of this name too/g)).toHaveLength(3)
  })

  test('warns of a flag, with who and why', () => {
    const flagger = nicknameOf(idOf('yew'))
    expect(pageText()).toContain(`Flagged by ${flagger}: “The labels are those of another model`)
  })

  test('finds models, and says through which label', async () => {
    await type('#search', 'gloomy')
    expect(pageText()).toContain('moods 2.0')
    expect(pageText()).toContain('Knows “gloomy”')
    expect(pageText()).not.toContain('squeezenet')
    await type('#search', 'nothing is called so')
    expect(pageText()).toContain('Nothing here is called so.')
  })

  test('brings a model here, and stops on a word', async () => {
    peer.models.keeps = 'for ever'
    await press('Keep here: moods 2.0')
    expect(peer.models.kept).toEqual([moods.id])
    await press('Stop: moods 2.0')
    await until(() => buttons().filter((name) => name === 'Keep here').length > 1)
    expect(pageText()).not.toContain('Cancelled')
  })

  test('says why a model did not come', async () => {
    peer.models.fails = fault({ code: 'BLOCK_MISSING', digest: '9f3a61c0d27b' })
    await press('Keep here: moods 2.0')
    await until(() => pageText().includes('could not be fetched from anybody'))
  })

  test('goes on bringing it while other screens are looked at', async () => {
    peer.models.keeps = 'for ever'
    await press('Keep here: moods 2.0')
    location.hash = '#/r/commons/peers'
    await until(() => pageText().includes('You and 6 others'))
    location.hash = '#/r/commons/models'
    await until(() => pageText().includes('7 models'))
    await settled(app)
    expect(control('Stop: moods 2.0')).toBeInstanceOf(HTMLButtonElement)
  })

  test('goes to a question with the model chosen', async () => {
    await press('Ask moods 2.0')
    await until(() => pageText().includes('Tabs to answer'))
    await settled(app)
    expect(element<HTMLSelectElement>('#model').value).toBe(moods.id)
  })

  test('takes files that are dropped anywhere on it', async () => {
    const files = new DataTransfer()
    files.items.add(new File(['x'], 'mnist.onnx'))
    files.items.add(new File(['x'], 'labels.txt'))
    element('moot-models').dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true }))
    await until(() => pageText().includes('Looking what is there'))
    expect(peer.models.imports[0]?.origin).toMatchObject({ files: [{ path: 'mnist.onnx' }, { path: 'labels.txt' }] })
    expect(location.hash).toBe('#/r/commons/models/add')
  })

  test('says how an import goes on, and leads back to it', async () => {
    location.hash = '#/r/commons/models/add'
    await until(() => pageText().includes('Drop the model'))
    await type('#address', 'onnx-community/whisper-tiny')
    await press('Look')
    peer.models.imports[0]?.change({ phase: 'reading', transfer: { bytes: 1024, total: 2048 } })
    location.hash = '#/r/commons/models'
    await until(() => pageText().includes('7 models'))
    expect(pageText()).toContain('onnx-community/whisper-tiny is being read: 1 KiB of 2 KiB (50 %).')
  })
})

test('a room without a model says so, and how there comes to be one', async () => {
  await open('models-empty')
  expect(pageText()).toContain('No model yet. Add one.')
  element('a.add').click()
  await until(() => focused()?.textContent === 'Add a model')
})

test('a storage that is full is told in numbers', async () => {
  await open('models-full')
  expect(pageText()).toContain("This browser's storage is full: 2 models run from memory")
})

test('what strangers wrote is text, cut at a length, and never markup', async () => {
  await open('models')
  const manifest = { ...photographs.manifest, name: `<img src=x onerror=alert(1)> ${'x'.repeat(200)}` }
  const opinions = [opinionOf('yew', 'flags', `<b>${'y'.repeat(900)}`)]
  peer.change({ models: [{ ...photographs, manifest, opinions }] })
  await settled(app)
  expect(pageText()).toContain('<img src=x')
  expect([...everyElement()].filter((each) => each.matches('moot-models img, b'))).toEqual([])
  expect(pageText()).not.toContain('x'.repeat(64))
  expect(pageText()).not.toContain('y'.repeat(141))
})

describe('one model', () => {
  beforeEach(() => open('model'))

  test('has all its manifest told', () => {
    for (const words of [
      'data float32, 1 × 3 × 224 × 224',
      'red, green, blue',
      'Parameters 1.24 million',
      'about 23 MiB for a run',
      'GPUs within 0.0001',
      'measured on apple metal-3 over 5 runs',
      'squeezenet.onnx graph',
      String(photographs.manifest.files[0]?.cid),
      'Labels have their names now.',
    ])
      expect(pageText()).toContain(words)
  })

  test('has its source linked, with nothing told to it', () => {
    const link = element<HTMLAnchorElement>('dd a')
    expect([link.href, link.rel]).toEqual(['https://example.org/squeezenet1.1.onnx', 'noreferrer noopener nofollow'])
  })

  test('leads to its other versions', () => {
    const link = [...everyElement()].find((each) => each.textContent === 'squeezenet 1.0' && each.matches('a'))
    expect(link?.getAttribute('href')).toMatch(/^#\/r\/commons\/models\/bafy/)
  })

  test('is pinned, and let go again', async () => {
    await press('Pin')
    await until(() => pageText().includes('Pinned: it stays here'))
    expect(control('Unpin').ariaPressed).toBe('true')
    await press('Unpin')
    await until(() => !pageText().includes('Pinned'))
  })

  test('says why it could not be pinned', async () => {
    peer.models.fails = fault({ code: 'STORAGE_FULL', bytes: 4_956_208 })
    await press('Pin')
    await until(() => pageText().includes("This browser's storage has no room for 5 MiB more."))
  })

  test('is endorsed by keyboard alone, and the word taken back', async () => {
    control('Endorse').focus()
    await userEvent.keyboard('{Enter}')
    await until(() => focused()?.matches('textarea') === true)
    await userEvent.keyboard('Knows my sheep.{Tab}{Enter}')
    await until(() => pageText().includes('(you)'))
    expect(peer.models.judged).toEqual([[photographs.id, 'endorses', 'Knows my sheep.']])
    expect(focused()?.textContent).toBe('What the room says')
    await press('Take my word back')
    await until(() => !pageText().includes('(you)'))
    expect(peer.models.judged.at(-1)).toEqual([photographs.id, undefined, undefined])
  })

  test('is flagged with a reason, and with no more of it than others take', async () => {
    await press('Flag')
    const field = element<HTMLTextAreaElement>('#reason')
    expect([field.maxLength, field.required]).toEqual([280, true])
    await type('#reason', 'Not its own weights.')
    expect(pageText()).toContain('260 characters left.')
    await press('Sign the flag')
    await until(() => pageText().includes('Not its own weights.'))
    expect(peer.models.judged).toEqual([[photographs.id, 'flags', 'Not its own weights.']])
  })

  test('shows why a word was not taken', async () => {
    peer.models.fails = fault({ code: 'TOO_LARGE', what: 'reason', bytes: 300, limit: 280 })
    await press('Endorse')
    await press('Sign the endorsement')
    await until(() => pageText().includes('The reason is too large'))
  })
})

describe('an export', () => {
  beforeEach(() => open('model'))
  afterEach(() => vi.unstubAllGlobals())

  test('is written piece by piece where the browser can', async () => {
    const written: number[] = []
    const names: string[] = []
    const out = {
      write: async (chunk: Uint8Array) => void written.push(...chunk),
      close: async () => void written.push(-1),
      abort: async () => void written.push(-2),
    }
    vi.stubGlobal('showSaveFilePicker', async ({ suggestedName }: { suggestedName: string }) => {
      names.push(suggestedName)
      return { createWritable: async () => out }
    })
    await press('Export')
    await until(() => written.includes(-1))
    expect([names, written]).toEqual([['squeezenet-1.1.car'], [1, 2, 3, -1]])
    peer.models.fails = fault({ code: 'BLOCK_MISSING', digest: '9f3a61c0d27b' })
    await press('Export')
    await until(() => pageText().includes('could not be fetched from anybody'))
    expect(written.at(-1)).toBe(-2)
  })

  test('that is given no file is none, and no fault', async () => {
    const refused = vi.fn(() => Promise.reject(new DOMException('no file', 'AbortError')))
    vi.stubGlobal('showSaveFilePicker', refused)
    await press('Export')
    await until(() => refused.mock.results.length === 1)
    await settled(app)
    expect(pageText()).not.toContain('Cancelled')
  })

  test('is handed over whole where the browser cannot', async () => {
    vi.stubGlobal('showSaveFilePicker', undefined)
    const blobs: Blob[] = []
    const create = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      blobs.push(blob as Blob)
      return '#'
    })
    await press('Export')
    await until(() => blobs.length === 1)
    create.mockRestore()
    expect(new Uint8Array(await blobs[0]!.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
  })
})

test('the last copy in the room is deleted only by who was told that it is', async () => {
  await open('model-delete')
  expect(focused()?.textContent).toContain('Delete sum 1')
  expect(pageText()).toContain('No other tab here holds it: once deleted, it is gone from this room.')
  await press('Leave it')
  expect(focused()?.localName).toBe('h1')
  expect(peer.view.models.find(({ id }) => id === sums.id)?.cached).toBe(true)
  await press('Delete from this device')
  await press('Delete sum 1')
  await until(() => peer.view.models.find(({ id }) => id === sums.id)?.cached === false)
})

test('a model too large for tabs is kept and passed on, and cannot be asked', async () => {
  await open('model-large')
  expect(pageText()).toContain('Too large for a tab to run (more than 256 MiB): the room keeps it and passes it on.')
  expect(buttons()).not.toContain('Ask')
  location.hash = '#/r/commons/ask'
  await until(() => pageText().includes('Tabs to answer'))
  await settled(app)
  const options = [...element<HTMLSelectElement>('#model').options].map((option) => option.textContent.trim())
  expect(options.some((option) => option.includes('vast-transformer'))).toBe(false)
  expect(options).toContain(`squeezenet 1.1, by ${nicknameOf(idOf('bay'))}`)
})

test('a model on its way shows how far it is, and from whom', async () => {
  await open('model-coming')
  expect(pageText()).toContain(`1.9 MiB of 4.7 MiB (41 %), 12 s left, from ${nicknameOf(idOf('bay'))}`)
  expect(element<HTMLProgressElement>('progress').value).toBeCloseTo(0.41, 2)
})

test('a model that nobody here knows is said to be none', async () => {
  await open('model-unknown')
  expect(pageText()).toContain('No such model here')
  await until(() => focused()?.localName === 'h1')
})

test('the screens of models are loaded when one is first shown, and the focus goes to their heading', async () => {
  await open('ask-alone')
  location.hash = `#/r/commons/models/${digits.id}`
  await until(() => focused()?.textContent.includes('Digits') === true)
  expect(document.title).toBe('Model · commons · Moot')
})
