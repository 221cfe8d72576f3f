import { describe, expect, test } from 'vitest'
import { MootError } from '../../src/domain/fault.ts'
import { originOf, type WebOrigin } from '../../src/domain/model-origin.ts'

const hub = (repository: string, more: { revision?: string; path?: string } = {}): WebOrigin => ({
  kind: 'hub',
  repository,
  ...more,
})
const url = (address: string): WebOrigin => ({ kind: 'url', url: address })

const READ: readonly (readonly [text: string, origin: WebOrigin])[] = [
  ['owner/name', hub('owner/name')],
  ['  owner/name.v2 ', hub('owner/name.v2')],
  ['owner/name@v1.0', hub('owner/name', { revision: 'v1.0' })],
  ['owner/name@refs/pr/1', hub('owner/name', { revision: 'refs/pr/1' })],
  ['https://huggingface.co/owner/name', hub('owner/name')],
  ['huggingface.co/owner/name/', hub('owner/name')],
  ['https://hf.co/owner/name?library=onnx#files', hub('owner/name')],
  ['https://huggingface.co/owner/name/tree/main', hub('owner/name', { revision: 'main' })],
  ['https://huggingface.co/owner/name/tree/refs%2Fpr%2F1/onnx', hub('owner/name', { revision: 'refs/pr/1' })],
  [
    'https://huggingface.co/owner/name/blob/main/onnx/model.onnx',
    hub('owner/name', { revision: 'main', path: 'onnx/model.onnx' }),
  ],
  [
    'https://huggingface.co/owner/name/resolve/abc123/model.onnx?download=true',
    hub('owner/name', { revision: 'abc123', path: 'model.onnx' }),
  ],
  ['https://huggingface.co/owner/name/blob/main/README.md', hub('owner/name', { revision: 'main' })],
  ['https://huggingface.co/owner/name/discussions', hub('owner/name')],
  ['https://example.org/a/model.onnx', url('https://example.org/a/model.onnx')],
  ['http://127.0.0.1:8080/model?x=1', url('http://127.0.0.1:8080/model?x=1')],
  ['example.org/model.onnx', url('https://example.org/model.onnx')],
]

const REFUSED: readonly (readonly [text: string, why: string])[] = [
  ['', 'neither a web address nor a repository'],
  ['name', 'neither a web address nor a repository'],
  ['owner/name/more', 'neither a web address nor a repository'],
  ['owner/name@a@b', 'neither a web address nor a repository'],
  ['owner/../..', 'neither a web address nor a repository'],
  ['../secrets', 'neither a web address nor a repository'],
  ['owner/name@', 'no branch, tag or commit'],
  ['owner/name@a b', 'no branch, tag or commit'],
  ['https://user:password@example.org/model.onnx', 'a user name or a password'],
  ['https://user@example.org/model.onnx', 'a user name or a password'],
  ['ftp://example.org/model.onnx', 'neither https:// nor http://'],
  ['javascript:alert(1)', 'neither https:// nor http://'],
  ['data:application/octet-stream,abc', 'neither https:// nor http://'],
  ['file:///etc/passwd', 'neither https:// nor http://'],
  ['https://', 'no web address'],
  ['https://exa mple.org/model.onnx', 'no web address'],
  ['https://huggingface.co/datasets/owner/name', 'something else than a model'],
  ['https://huggingface.co/%zz/name', 'no web address'],
  [`https://example.org/${'a'.repeat(5_000)}`, 'too long'],
]

describe('where a model comes from', () => {
  test.for(READ)('%s', ([text, origin]) => expect(originOf(text)).toEqual(origin))

  test.for(REFUSED)('%s is refused', ([text, why]) => {
    const refused = () => originOf(text)
    expect(refused).toThrow(MootError)
    expect(refused).toThrow(why)
    expect(refused).toThrow(/^The address could not be read: .+\. Correct it, or use another\.$/)
  })
})
