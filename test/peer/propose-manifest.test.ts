import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signManifest } from '../../src/domain/check-manifest.ts'
import type { Manifest, ModelFile, ValueInfo } from '../../src/domain/manifest.ts'
import { candidatesIn, companionsOf } from '../../src/peer/choose-files.ts'
import { nextVersion, proposeManifest, type ProposalInit } from '../../src/peer/propose-manifest.ts'
import { readLabelList, readModelSettings } from '../../src/peer/read-model-settings.ts'
import type { Inspection } from '../../src/ports/model-inspector.ts'
import { person } from '../kits/keys.ts'
import { draftOf, fileOf } from '../kits/manifests.ts'
import { value } from '../kits/onnx-builder.ts'

const written = (path: string, content: unknown) => ({
  path,
  bytes: new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
})

interface Story {
  readonly inputs?: readonly ValueInfo[]
  readonly outputs?: readonly ValueInfo[]
  readonly operators?: Inspection['operators']
  readonly metadata?: Inspection['metadata']
  readonly settings?: readonly { path: string; bytes: Uint8Array }[]
  readonly listing?: Partial<ProposalInit['listing']>
  readonly files?: readonly Pick<ModelFile, 'path' | 'role'>[]
}

const propose = ({ inputs = [], outputs = [], operators = [], metadata = {}, settings = [], ...more }: Story) =>
  proposeManifest({
    listing: { name: 'net.onnx', files: [], ...more.listing },
    inspection: { inputs, outputs, operators, metadata } as unknown as Inspection,
    outputs,
    files: (more.files ?? [{ path: 'net.onnx', role: 'model' }]) as unknown as ProposalInit['files'],
    settings: readModelSettings(settings),
    mine: [],
  })

const picture = value('pixels', 'float32', 1, 3, 224, 224)

describe('a picture is proposed', () => {
  test('as ImageNet has them where nobody says', () => {
    expect(propose({ inputs: [picture] }).image).toEqual({
      input: 'pixels',
      planes: ['red', 'green', 'blue'],
      mean: [123.675, 116.28, 103.53],
      deviation: [58.395, 57.12, 57.375],
    })
  })

  test('as its metadata says', () => {
    const metadata = { 'Image.BitmapPixelFormat': 'Bgr8', 'Image.NominalPixelRange': 'NominalRange_0_255' }
    expect(propose({ inputs: [picture], metadata }).image).toEqual({
      input: 'pixels',
      planes: ['blue', 'green', 'red'],
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    })
    const gray = { 'Image.BitmapPixelFormat': 'Gray8', 'Image.NominalPixelRange': 'Normalized_1_1' }
    expect(propose({ inputs: [value('x', 'float32', 1, 1, 28, 28)], metadata: gray }).image).toMatchObject({
      planes: ['gray'],
      mean: [127.5],
      deviation: [127.5],
    })
  })

  test.for<[string, object, object]>([
    [
      'neither scaled nor normalised',
      { do_rescale: false, do_normalize: false },
      { mean: [0, 0, 0], deviation: [1, 1, 1] },
    ],
    ['scaled alone', { do_normalize: false }, { mean: [0, 0, 0], deviation: [255, 255, 255] }],
    [
      'scaled to 0..2 and normalised',
      { rescale_factor: 2 / 255, image_mean: [1, 1, 1], image_std: [1, 1, 1] },
      { mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
    ],
    ['resized to a square', { size: { height: 224, width: 224 } }, {}],
    ['resized, and its middle cut out', { size: 256, do_center_crop: true }, { shorterSide: 256 }],
    ['resized by its shorter side', { size: { shortest_edge: 256 } }, { shorterSide: 256 }],
    ['cut to a share', { size: { shortest_edge: 224 }, crop_pct: 0.875 }, { shorterSide: 256 }],
    ['blue first', { do_flip_channel_order: true }, { planes: ['blue', 'green', 'red'] }],
    ['nonsense', { image_mean: 'gray', image_std: [0, 0, 0], size: -1, rescale_factor: 0 }, {}],
  ])('as its settings say: %s', ([, settings, image]) => {
    const proposed = propose({ inputs: [picture], settings: [written('preprocessor_config.json', settings)] }).image
    expect(proposed).toMatchObject(image)
    expect('shorterSide' in proposed!).toBe('shorterSide' in image)
    expect(proposed!.deviation).not.toContain(0)
  })

  test('with its planes last, of bytes, or for a free shape that has settings', () => {
    expect(propose({ inputs: [value('x', 'uint8', null, null, null, 3)] }).image).toEqual({
      input: 'x',
      layout: 'nhwc',
      planes: ['red', 'green', 'blue'],
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    })
    const free = value('x', 'float32', null, null, null, null)
    expect(propose({ inputs: [free] }).image).toBeUndefined()
    const settings = [written('preprocessor_config.json', { image_mean: [0.5], image_std: [0.5] })]
    expect(propose({ inputs: [free], settings }).image).toMatchObject({ planes: ['gray'], mean: [127.5] })
  })

  test('not where none or two inputs could be it', () => {
    for (const inputs of [
      [value('x', 'float32', 1, 129, 3)],
      [value('x', 'int64', 1, 3, 224, 224)],
      [value('x', 'float32', 1, 3, 2, 2)],
      [value('x', 'float32', 1, 64, 56, 56)],
      [picture, value('other', 'float32', 1, 3, 224, 224)],
    ])
      expect(propose({ inputs }).image).toBeUndefined()
  })
})

describe('labels are proposed', () => {
  const scores = value('scores', 'float32', 1, 3)
  const labels = written('labels.txt', 'a\nb\nc\n')

  test('for the output that has as many numbers', () => {
    const outputs = [value('boxes', 'float32', 1, 4), scores]
    expect(propose({ outputs, settings: [labels] }).labels).toEqual({
      output: 'scores',
      names: ['a', 'b', 'c'],
      activation: 'softmax',
    })
    expect(propose({ outputs: [value('scores', 'float32', 1, 4)], settings: [labels] }).labels).toBeUndefined()
  })

  test('for classifiers that end in 1 × 1, or in a free dimension', () => {
    for (const dims of [
      [1, 3, 1, 1],
      [null, null],
    ])
      expect(propose({ outputs: [{ ...scores, dims }], settings: [labels] }).labels?.output).toBe('scores')
  })

  test.for<[string, Story, string]>([
    ['shares where the network ends in a softmax', { operators: [{ type: 'Softmax', count: 1 }] }, 'none'],
    ['numbers where softmax is its attention', { operators: [{ type: 'Softmax', count: 12 }] }, 'softmax'],
    ['shares where the output is called so', { outputs: [{ ...scores, name: 'probabilities' }] }, 'none'],
    [
      'each for itself where several may hold',
      { settings: [labels, written('config.json', { problem_type: 'multi_label_classification' })] },
      'sigmoid',
    ],
  ])('as %s', ([, story, activation]) => {
    expect(propose({ outputs: [scores], settings: [labels], ...story }).labels?.activation).toBe(activation)
  })

  test('from a config that numbers all of them, and from no other', () => {
    const from = (id2label: object) =>
      propose({ outputs: [scores], settings: [written('config.json', { id2label })] }).labels?.names
    expect(from({ 0: 'a', 2: 'c', 1: 'b' })).toEqual(['a', 'b', 'c'])
    expect(from({ 0: 'a', 1: 'b', 3: 'c' })).toBeUndefined()
    expect(from({ 0: 'a', 1: 7, 2: 'c' })).toBeUndefined()
    expect(from({})).toBeUndefined()
  })

  test.for<[string, string, readonly string[]]>([
    ['one to a line', 'cat\r\ndog\r\n\r\n', ['cat', 'dog']],
    ['with their numbers', '0: cat\n1: dog', ['cat', 'dog']],
    ['with their WordNet ids', 'n01440764 tench, Tinca tinca\nn01443537 goldfish', ['tench, Tinca tinca', 'goldfish']],
    [
      'as a dict of Python',
      "{0: 'tench, Tinca tinca',\n 1: \"crow's nest\",\n 2: 'rock'}",
      ['tench, Tinca tinca', "crow's nest", 'rock'],
    ],
    ['that turn the direction, or say nothing', 'a\u202eb\n\u0007\n\nc', ['a b', '1', '2', 'c']],
    ['not at all', '\n', []],
    ['too long', 'x'.repeat(500), ['x'.repeat(128)]],
  ])('written %s', ([, text, names]) => expect(readLabelList(text)).toEqual(names))

  test('65,536 at most', () => expect(readLabelList('a\n'.repeat(70_000))).toHaveLength(65_536))
})

describe('a text is proposed', () => {
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => value(name, 'int64', null, null))
  const files = [
    { path: 'onnx/model.onnx', role: 'model' },
    { path: 'tokenizer.json', role: 'tokenizer' },
    { path: 'tokenizer_config.json', role: 'config' },
  ] as const

  test('where there is a tokenizer for inputs of the usual names', () => {
    const settings = [written('tokenizer_config.json', { model_max_length: 256 })]
    expect(propose({ inputs, files, settings }).text).toEqual({
      ids: 'input_ids',
      mask: 'attention_mask',
      types: 'token_type_ids',
      tokenizer: 'tokenizer.json',
      config: 'tokenizer_config.json',
      most: 256,
    })
  })

  test('of 512 tokens where nobody says, or says no limit', () => {
    const settings = [written('tokenizer_config.json', { model_max_length: 1e30 })]
    expect(propose({ inputs, files, settings }).text?.most).toBe(512)
    const config = [...settings, written('config.json', { max_position_embeddings: 128 })]
    expect(propose({ inputs, files, settings: config }).text?.most).toBe(128)
  })

  test('nowhere else', () => {
    expect(propose({ inputs, files: files.slice(0, 1) }).text).toBeUndefined()
    expect(propose({ inputs: [picture], files }).text).toBeUndefined()
  })
})

describe('a name and a version are proposed', () => {
  const mine = (...versions: string[]) =>
    versions.map((version) => ({ id: `id of ${version}`, manifest: { name: 'net', version } as Manifest }))

  test.for<[string[], object]>([
    [[], { version: '1' }],
    [['1'], { version: '2', parent: 'id of 1' }],
    [['9', '10'], { version: '11', parent: 'id of 10' }],
    [['1.9.0', '1.10.0'], { version: '1.10.1', parent: 'id of 1.10.0' }],
    [['beta'], { version: 'beta.1', parent: 'id of beta' }],
    [['1-rc2'], { version: '1-rc3', parent: 'id of 1-rc2' }],
  ])('after %s', ([before, next]) => expect(nextVersion('net', mine(...before))).toEqual(next))

  test('of another name, none', () => expect(nextVersion('other', mine('1'))).toEqual({ version: '1' }))

  test('that hold, whatever the source calls it', () => {
    const { name, licence, task } = propose({
      listing: { name: '<i>net</i>.onnx', licence: 'MIT\u202e!', task: 'x'.repeat(100) },
    })
    expect([name, licence, task?.length]).toEqual(['i-net-i', 'MIT !', 64])
  })
})

describe('files are found', () => {
  const listing = (...paths: string[]) => ({ address: 'https://', files: paths.map((path) => ({ path, size: 1 })) })

  test('that go along with a model: of each kind the nearest', () => {
    const files = listing(
      'config.json',
      'onnx/config.json',
      'other/tokenizer.json',
      'tokenizer.json',
      'onnx/model.onnx',
    )
    expect(companionsOf(files, 'onnx/model.onnx').map(({ path }) => path)).toEqual([
      'onnx/config.json',
      'tokenizer.json',
    ])
  })

  test('labels among one’s own files, whatever they are called', () => {
    const own = { files: listing('net.onnx', 'words.txt').files }
    expect(companionsOf(own, 'net.onnx').map(({ path }) => path)).toEqual(['words.txt'])
    expect(companionsOf(listing('net.onnx', 'words.txt', 'imagenet_labels.txt'), 'net.onnx')).toMatchObject([
      { path: 'imagenet_labels.txt', role: 'config' },
    ])
  })

  test('too large or empty ones are left behind', () => {
    const files = [
      { path: 'net.onnx', size: 1 },
      { path: 'config.json', size: 0 },
      { path: 'tokenizer.json', size: 2 ** 30 },
    ]
    expect(companionsOf({ files }, 'net.onnx')).toEqual([])
  })

  test('models by their ending; a single file by being the only one', () => {
    expect(candidatesIn(listing('a.bin'))).toHaveLength(1)
    expect(candidatesIn(listing('a.bin', 'b.bin'))).toEqual([])
    expect(candidatesIn(listing('a.onnx', '../b.onnx', 'c.bin'))).toMatchObject([{ path: 'a.onnx' }])
  })
})

describe('whatever lies beside a model', { timeout: 60_000 }, () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 })
  const number = fc.oneof(fc.double(), fc.integer(), fc.constant(0))
  const anything = fc.oneof(fc.jsonValue(), text, number)
  const some = <T>(usual: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: anything })
  const side = fc.integer({ min: 1, max: 1_024 })
  const threes = some(fc.array(number, { maxLength: 5 }))
  const preprocessor = fc.record(
    {
      do_resize: some(fc.boolean()),
      do_rescale: some(fc.boolean()),
      do_normalize: some(fc.boolean()),
      do_flip_channel_order: some(fc.boolean()),
      rescale_factor: some(number),
      image_mean: threes,
      image_std: threes,
      size: some(fc.record({ shortest_edge: fc.oneof(side, number), height: number }, { requiredKeys: [] })),
      crop_pct: some(number),
    },
    { requiredKeys: [] },
  )
  const config = fc.record(
    {
      id2label: some(fc.array(text, { maxLength: 4 }).map((names) => Object.fromEntries(names.entries()))),
      problem_type: some(text),
      max_position_embeddings: some(number),
    },
    { requiredKeys: [] },
  )
  const tokenizerConfig = fc.record({ model_max_length: some(number) }, { requiredKeys: [] })

  test('says, what is proposed can be signed', async () => {
    const files = [
      fileOf(Uint8Array.of(1)),
      fileOf(Uint8Array.of(2), 'tokenizer.json', 'tokenizer'),
      fileOf(Uint8Array.of(3), 'tokenizer_config.json', 'config'),
    ]
    const inputs = [picture, value('input_ids', 'int64', null, null)]
    const outputs = [value('scores', 'float32', 1, null)]
    const story = fc.tuple(preprocessor, config, tokenizerConfig, text, text, text, text)
    let pictures = 0
    await fc.assert(
      fc.asyncProperty(story, async ([pixels, meaning, tokens, labels, name, licence, task]) => {
        const settings = [
          written('preprocessor_config.json', pixels),
          written('config.json', meaning),
          written('tokenizer_config.json', tokens),
          written('labels.txt', labels),
        ]
        const proposal = propose({ inputs, outputs, files, settings, listing: { name, licence, task } })
        if (proposal.image?.shorterSide !== undefined) pictures += 1
        await signManifest({ ...draftOf(), files, inputs, outputs, ...proposal }, person('Pat'))
      }),
      { numRuns: 200 },
    )
    expect(pictures).toBeGreaterThan(0)
  })
})
