import { randomBytes } from 'node:crypto'
import { secretFile } from '../adapters/files/secret-file.ts'
import { openSigner } from '../adapters/webcrypto/signer.ts'
import { signManifest } from '../domain/check-manifest.ts'
import { hex } from '../domain/hash.ts'
import { misuse, readCommandLine, type Command } from './command-line.ts'
import { SHIPPED } from './shipped-models.ts'

const COMMAND = {
  name: 'node src/entry/sign-shipped.ts',
  summary: 'Signs what shipped-models.ts says of the models in public/models, and prints what belongs into it.',
  options: {
    key: { type: 'string', value: 'FILE', help: "the publisher's key of 32 bytes, made where there is none" },
  },
} as const satisfies Command

const { options } = readCommandLine(COMMAND)
if (options.key === undefined) misuse(COMMAND, 'Whose signature? Name the file of the key with --key.')

const seed = await secretFile(options.key, () => new Uint8Array(randomBytes(32)))
const signer = await openSigner(seed)
console.log(`PUBLISHER ${signer.peer}`)
for (const { path, draft } of SHIPPED) console.log(`${path} ${hex((await signManifest(draft, signer)).signature)}`)
