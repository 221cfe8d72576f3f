import type { PeerId } from '../domain/peer-id.ts'

/** `direct` is WebRTC between the two tabs (or memory, in tests); `relay` passes through a relay, which sees only ciphertext. */
export type Path = 'direct' | 'relay'

export interface Link {
  readonly peer: PeerId
  readonly path: Path
}

export interface RelayStatus {
  readonly address: string
  readonly connected: boolean
}

/** A bidirectional stream of length-prefixed frames to one peer, whose identity the transport has proven. */
export interface Channel {
  readonly remote: PeerId
  readonly path: Path
  /**
   * Resolves when the frame is handed to the transport within its back-pressure limit; until then the frame stays as it is,
   * since nobody copies a large one. Rejects once the channel is closed.
   */
  send(frame: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>
  /** Frames in order, each the reader's own. Ends when the far side closes; throws when it resets, sends a frame over the limit, or its connection is lost. One consumer only. */
  frames(): AsyncIterable<Uint8Array>
  /** Closes in an orderly way: what was sent still arrives. */
  close(): Promise<void>
  /** Resets: for a sender who lied or a job that was cancelled. */
  abort(reason: string): void
}

export interface ProtocolOptions {
  /** Bytes of the largest frame accepted. */
  readonly maxFrame: number
  /** Streams one peer may hold open at a time. */
  readonly maxStreams: number
}

export interface NetEvents {
  /** A first link to a peer came up, or its path changed. */
  link: Link
  /** The last link to a peer went away. */
  unlink: { readonly peer: PeerId }
  /** The addresses others can dial have changed. */
  addresses: readonly string[]
  /** The peers (relays included) that would receive what is published on a topic have grown by one. */
  subscriber: { readonly topic: string }
  relay: RelayStatus
}

/** What the network is to the rest of Moot. Adapters: libp2p in tabs and Node, memory in tests and simulations; both pass `test/kits/net`. */
export interface Net {
  readonly self: PeerId
  start(options?: { signal?: AbortSignal }): Promise<void>
  stop(): Promise<void>
  /** Addresses others can dial; empty until a relay has given us one. */
  addresses(): readonly string[]
  links(): readonly Link[]
  relays(): readonly RelayStatus[]
  /** Makes a direct link, trying the addresses given. Resolves at once where one exists. Rejects with `UNREACHABLE`. */
  connect(peer: PeerId, addresses: readonly string[], options?: { signal?: AbortSignal }): Promise<void>
  disconnect(peer: PeerId): Promise<void>
  /** Opens a channel over the best link there is, by relay where no direct one exists and `addresses` name a way. Rejects with `UNREACHABLE`. */
  open(
    peer: PeerId,
    protocol: string,
    options: { maxFrame: number; addresses?: readonly string[]; signal?: AbortSignal },
  ): Promise<Channel>
  handle(protocol: string, options: ProtocolOptions, handler: (channel: Channel) => void): void
  publish(topic: string, data: Uint8Array): Promise<void>
  /** Returns the way to unsubscribe. The handler gets unchecked bytes: authorship is the message's own signature. */
  subscribe(topic: string, handler: (data: Uint8Array) => void): () => void
  on<K extends keyof NetEvents>(event: K, handler: (detail: NetEvents[K]) => void): () => void
}
