/** Addresses of the real models beside the project, by file name. Empty where there are none: tests that need them skip. */
const urls = import.meta.glob<string>('../../../../shared/models/*.onnx', {
  query: '?url',
  import: 'default',
  eager: true,
})

export const withSharedModels = Object.keys(urls).length > 0

export async function sharedModel(name: string): Promise<Uint8Array> {
  const url = Object.entries(urls).find(([path]) => path.endsWith(`/${name}.onnx`))?.[1]
  if (url === undefined) throw new Error(`there is no model ${name} beside the project`)
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}
