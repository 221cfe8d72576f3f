import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { encodeManifest, readManifest } from '../../src/domain/check-manifest.ts'
import { shippedModels } from '../../src/entry/shipped-models.ts'
import { fileOf } from '../kits/manifests.ts'
import { verifyWithNode } from '../kits/keys.ts'

const read = async (path: string) => new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url)))

test('what is said of the shipped models is signed, and is what their files say', async () => {
  const shipped = shippedModels(read)
  expect(shipped.length).toBe(2)
  for (const { manifest, fetch } of shipped) {
    expect(await readManifest(cidOf(manifest), encodeManifest(manifest), verifyWithNode)).toEqual(manifest)
    const bytes = await fetch({})
    expect(manifest.files).toEqual([fileOf(bytes, `${manifest.name}.onnx`)])
    const scan = scanModel()
    scan.push(bytes)
    const { inputs, outputs, parameters, memory, arithmetic } = scan.finish()
    expect(manifest).toMatchObject({ inputs, outputs, parameters, memory, arithmetic })
  }
})
