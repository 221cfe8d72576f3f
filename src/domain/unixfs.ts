import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { rawCid } from './cids.ts'
import { hashBytes } from './hash.ts'

/** Links of one node of the tree: what the common IPFS tools use (`ipfs-unixfs-importer`, `kubo`). */
const WIDTH = 174

/** Multicodec, and the multihash code of sha-256. */
const DAG_PB = 0x70
const SHA2_256 = 0x12

/** A node of the tree above a file's blocks. */
export interface FileNode {
  readonly cid: CID
  /** dag-pb. */
  readonly bytes: Uint8Array
}

/** Part of the tree: where it hangs, the bytes of the file under it, and those of all its nodes and blocks. */
interface Branch {
  readonly cid: CID
  readonly fileSize: number
  readonly treeSize: number
}

/**
 * The UnixFS tree of a file (https://specs.ipfs.tech/unixfs/) from the sha-256 digests of its blocks alone: balanced, raw
 * leaves of `blockSize` bytes, a single leaf standing for itself. `root` is the file's CID; `nodes` come children first.
 */
export function fileTree(
  size: number,
  blocks: readonly Uint8Array[],
  blockSize: number,
): { readonly root: CID; readonly nodes: readonly FileNode[] } {
  const nodes: FileNode[] = []
  let level: Branch[] = blocks.map((digest, i) => {
    const length = Math.min(blockSize, size - i * blockSize)
    return { cid: rawCid(digest), fileSize: length, treeSize: length }
  })
  while (level.length > 1) {
    const above: Branch[] = []
    for (let at = 0; at < level.length; at += WIDTH) above.push(joined(level.slice(at, at + WIDTH), nodes))
    level = above
  }
  const [root] = level
  if (root === undefined) throw new RangeError('a file has at least one block, if an empty one')
  return { root: root.cid, nodes }
}

/** One node over its children, put to the others. */
function joined(children: readonly Branch[], nodes: FileNode[]): Branch {
  const file = new UnixFS({ type: 'file', blockSizes: children.map(({ fileSize }) => BigInt(fileSize)) })
  const bytes = encode(
    prepare({
      Data: file.marshal(),
      Links: children.map(({ cid, treeSize }) => ({ Name: '', Tsize: treeSize, Hash: cid })),
    }),
  )
  const cid = CID.createV1(DAG_PB, create(SHA2_256, hashBytes(bytes)))
  nodes.push({ cid, bytes })
  return { cid, fileSize: sum(children, 'fileSize'), treeSize: bytes.length + sum(children, 'treeSize') }
}

const sum = (branches: readonly Branch[], key: 'fileSize' | 'treeSize'): number =>
  branches.reduce((total, branch) => total + branch[key], 0)
