import { encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { encodeManifest, manifestBytes, readManifest, signManifest } from '../../src/domain/check-manifest.ts'
import { MootError } from '../../src/domain/fault.ts'
import {
  BLOCK_SIZE,
  MAX_FILE,
  MAX_MANIFEST,
  MAX_TOLERANCE,
  nameFrom,
  type Manifest,
  type ManifestDraft,
} from '../../src/domain/manifest.ts'
import { person, verifyWithNode } from '../kits/keys.ts'
import { draftOf, fileOf, published } from '../kits/manifests.ts'

const pat = person('Pat')
const tolerance = {
  rms: 1e-3,
  scaled: 2e-3,
  seen: { rms: 1e-4, scaled: 2e-4 },
  runs: 8,
  adapter: 'swiftshader',
  builds: ['wasm', 'webgpu'],
}

/** The sentence that a rejection says. */
const sentenceOf = (task: Promise<unknown>): Promise<string> =>
  task.then(
    () => 'it was taken',
    (error: unknown) => (error instanceof MootError ? error.message : `no MootError: ${String(error)}`),
  )

/** Reads bytes as a manifest of the model whose id their own hash is. */
const read = (data: unknown) => readManifest(cidOf(data), encode(data), verifyWithNode)

/** Somebody who signs whatever is put before them: what no honest app does. */
async function signedBlindly(manifest: Omit<Manifest, 'signature'>): Promise<Record<string, unknown>> {
  return { ...manifest, signature: await pat.sign(manifestBytes(manifest)) }
}

describe('a manifest', () => {
  test('that was published reads back as it was, under its own CID', async () => {
    const parent = await published()
    const manifest = await published({
      version: '2',
      parent: cidOf(parent),
      notes: 'Learnt a third number.\nNo longer guesses.',
      tolerance,
      files: [fileOf(new Uint8Array(BLOCK_SIZE + 1)), fileOf(Uint8Array.of(7), 'model.onnx_data', 'weights')],
      image: { input: 'image', planes: ['gray'], mean: [0], deviation: [255] },
      labels: { output: 'logits', names: ['naught', 'ett', 'два'], activation: 'softmax' },
    })
    expect(await readManifest(cidOf(manifest), encodeManifest(manifest), verifyWithNode)).toEqual(manifest)
  })

  test('says who published it: another key, another model', async () => {
    const [mine, theirs] = [await published(), await published({}, { by: person('Quinn') })]
    expect(mine.publisher).toBe(pat.peer)
    expect(cidOf(theirs)).not.toBe(cidOf(mine))
  })

  test('that was altered after it was signed is not believed', async () => {
    const manifest = await published()
    expect(await sentenceOf(read({ ...manifest, licence: 'Apache-2.0' }))).toBe(
      'The signature on the manifest does not hold. It was altered, or it is not from who it says: do not rely on it.',
    )
    expect(await sentenceOf(read({ ...manifest, publisher: person('Quinn').peer }))).toContain('signature')
    expect(await sentenceOf(read({ ...manifest, signature: new Uint8Array(64) }))).toContain('signature')
  })

  test('is only ever that of its own model id', async () => {
    const [manifest, other] = [await published(), await published({ name: 'other' })]
    const wrong = readManifest(cidOf(other), encodeManifest(manifest), verifyWithNode)
    expect(await sentenceOf(wrong)).toContain('it is not what the model id names')
  })

  test('that is too large is not even decoded', async () => {
    const data = new Uint8Array(MAX_MANIFEST + 1)
    expect(await sentenceOf(readManifest('', data, verifyWithNode))).toContain('The manifest is too large')
  })

  test('that nobody would read is not signed', async () => {
    const names = Array.from({ length: 30_000 }, (_, i) => `a class with a long name, number ${i}`)
    const draft = draftOf({ labels: { output: 'logits', names, activation: 'none' } })
    expect(await sentenceOf(signManifest(draft, pat))).toContain('The manifest is too large')
  })

  test('with numbers that are none is not signed', async () => {
    for (const mean of [NaN, Infinity])
      expect(
        await sentenceOf(
          signManifest(draftOf({ image: { input: 'image', planes: ['gray'], mean: [mean], deviation: [1] } }), pat),
        ),
      ).toContain('The manifest could not be read: image.mean.0')
  })

  test('that is no dag-cbor, or no map, is refused', async () => {
    const model = cidOf(await published())
    expect(await sentenceOf(readManifest(model, Uint8Array.of(0xff, 1), verifyWithNode))).toContain('not dag-cbor')
    expect(await sentenceOf(read(['a list']))).toContain('The manifest could not be read')
    expect(await sentenceOf(read({ ...(await published()), more: 1 }))).toContain(
      'The manifest could not be read: more',
    )
  })
})

const file = fileOf(Uint8Array.of(1, 2, 3))
const two = fileOf(new Uint8Array(BLOCK_SIZE + 1))
const plainText = 'must be plain text in UTF-8'

/** What must not stand in a manifest, signed or not, and what is said of it. */
const BAD: Record<string, readonly [change: object, sentence: string]> = {
  'a size that is not that of its blocks': [{ files: [{ ...file, size: BLOCK_SIZE + 1 }] }, 'one block for each MiB'],
  'a size of nothing': [{ files: [{ ...file, size: 0 }] }, 'files.0.size'],
  'a size past the limit': [{ files: [{ ...file, size: MAX_FILE + 1 }] }, 'files.0.size'],
  'a size that is off by one, which shows in the CID': [
    { files: [{ ...two, size: BLOCK_SIZE + 2 }] },
    'the CID of model.onnx is not that of its blocks',
  ],
  'the CID of another file': [
    { files: [{ ...file, cid: two.cid }] },
    'the CID of model.onnx is not that of its blocks',
  ],
  'a CID that is none': [{ files: [{ ...file, cid: 'bafy' }] }, 'must be a CID'],
  'a block of 31 bytes': [{ files: [{ ...file, blocks: [new Uint8Array(31)] }] }, 'must be 32 bytes'],
  'no files': [{ files: [] }, 'files'],
  'more files than a model has': [
    { files: Array.from({ length: 33 }, (_, i) => ({ ...file, path: `${i}.onnx` })) },
    'files',
  ],
  'no file with the graph': [{ files: [{ ...file, role: 'config' }] }, 'it has no file with the graph, or several'],
  'two files with a graph': [{ files: [file, { ...file, path: 'b.onnx' }] }, 'no file with the graph, or several'],
  'two files of one path': [{ files: [file, { ...file, role: 'weights' }] }, 'two of its files have one path'],
  'a path that climbs out': [{ files: [{ ...file, path: '../model.onnx' }] }, 'must be a relative path'],
  'a path that climbs within': [{ files: [{ ...file, path: 'a/../model.onnx' }] }, 'must be a relative path'],
  'a path from the root': [{ files: [{ ...file, path: '/model.onnx' }] }, 'must be a relative path'],
  'a path of Windows': [{ files: [{ ...file, path: 'C:\\model.onnx' }] }, 'must be a relative path'],
  'a path with a line in it': [{ files: [{ ...file, path: 'a\nb.onnx' }] }, 'must be a relative path'],
  'a path that is none': [{ files: [{ ...file, path: '' }] }, 'must be a relative path'],
  'a name with markup': [{ name: '<b>story</b>' }, 'must be letters and digits, with . _ - and spaces between'],
  'a name that turns the direction': [{ name: 'story\u202eyrots' }, 'must be letters and digits'],
  'a name of bytes that were no UTF-8': [{ name: 'st\ufffdry' }, 'must be letters and digits'],
  'a name that ends in space': [{ name: 'story ' }, 'must be letters and digits'],
  'a name with half a letter': [{ name: 'story\u{1f600}' }, 'must be letters and digits'],
  'no name': [{ name: '' }, 'must be letters and digits'],
  'a name too long': [{ name: 'a'.repeat(65) }, 'name'],
  'a name that looks like another with its version': [{ name: 'story@2' }, 'must be letters and digits'],
  'a version with markup': [{ version: '1<i>' }, 'must be letters and digits, with . + _ - between'],
  'notes that turn the direction': [{ notes: 'new \u2066text' }, plainText],
  'a licence with control characters': [{ licence: 'MIT\u0007' }, plainText],
  'a source that is no text': [{ source: 7 }, 'source'],
  'a label that turns the direction': [
    { labels: { output: 'logits', names: ['a\u202eb'], activation: 'none' } },
    plainText,
  ],
  'labels of an output that it does not have': [
    { labels: { output: 'scores', names: ['a'], activation: 'none' } },
    'it names the numbers of an output that the model does not have',
  ],
  'a picture for an input that it does not have': [
    { image: { input: 'picture', planes: ['gray'], mean: [0], deviation: [1] } },
    'it puts a picture into an input that the model does not have',
  ],
  'a plane without its mean': [
    { image: { input: 'image', planes: ['gray'], mean: [], deviation: [1] } },
    'no mean and deviation for each plane',
  ],
  'a picture divided by 0': [
    { image: { input: 'image', planes: ['gray'], mean: [0], deviation: [0] } },
    'it divides a picture by 0',
  ],
  'a text for an input that it does not have': [
    { text: { ids: 'input_ids', tokenizer: 'model.onnx', most: 8 } },
    'it puts a text into an input that the model does not have',
  ],
  'a tokenizer that is not there': [
    { text: { ids: 'image', tokenizer: 'tokenizer.json', most: 8 } },
    'its tokenizer is not among its files',
  ],
  'a tolerance that tells nothing wrong from right': [
    { tolerance: { ...tolerance, rms: MAX_TOLERANCE.rms * 1.01 } },
    'tolerance.rms',
  ],
  'a tolerance of scaled differences past the limit': [
    { tolerance: { ...tolerance, scaled: MAX_TOLERANCE.scaled * 1.01 } },
    'tolerance.scaled',
  ],
  'a negative tolerance': [{ tolerance: { ...tolerance, rms: -1 } }, 'tolerance.rms'],
  'an element type that nobody has': [{ inputs: [{ name: 'image', dtype: 'string', dims: [2] }] }, 'inputs.0.dtype'],
  'a dimension of half': [{ inputs: [{ name: 'image', dtype: 'float32', dims: [0.5] }] }, 'inputs.0.dims'],
  'a canon that is no digest': [{ canon: Uint8Array.of(1) }, 'must be 32 bytes'],
}

describe('a manifest is not taken with', () => {
  test.for(Object.entries(BAD))('%s', async ([, [change, sentence]]) => {
    const draft = { ...draftOf(), ...change } as ManifestDraft
    expect(await sentenceOf(signManifest(draft, pat))).toContain(sentence)
    const forged = await signedBlindly({ ...draft, publisher: pat.peer })
    const said = await sentenceOf(read(forged))
    expect(said).toContain(sentence)
    expect(said).toMatch(/^The manifest could not be read: .+\. Correct it, or use another\.$/)
  })

  test('a publisher that is no key', async () => {
    const forged = await signedBlindly({ ...draftOf(), publisher: 'Pat' })
    expect(await sentenceOf(read(forged))).toMatch(/^The .+ could not be read: /)
  })
})

describe('the name of a model', () => {
  test.for([
    ['squeezenet_fp32', 'squeezenet_fp32'],
    ['model<script>alert(1)</script>', 'model-script-alert-1-script'],
    ['résumé de texte', 'résumé de texte'],
    ['モデル', 'モデル'],
    ['\u202eevil', 'evil'],
    ['--', 'model'],
    ['', 'model'],
    ['a'.repeat(100), 'a'.repeat(64)],
    ['owner/name@1', 'owner-name-1'],
  ] as const)('made from "%s" is "%s"', ([text, name]) => expect(nameFrom(text)).toBe(name))
})
