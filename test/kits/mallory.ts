import { decode, encode } from '@ipld/dag-cbor'
import type { Room } from './peers.ts'
import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { commitToInput, commitToOutput, hashTensors } from '../../src/domain/commitment.ts'
import type { Signed } from '../../src/domain/envelope.ts'
import { fromHex, hash, hashBytes, hex } from '../../src/domain/hash.ts'
import { jobIdOf } from '../../src/domain/lot.ts'
import {
  readAs,
  readMessage,
  type Message,
  type MessageKind,
  type MessageOf,
  type Read,
} from '../../src/domain/messages.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { Peer } from '../../src/peer/view.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import type { Channel, Net } from '../../src/ports/net.ts'
import { jobsTopic, MAX_FRAME, PROTOCOL } from '../../src/protocols/jobs/constants.ts'
import { presence } from '../../src/protocols/presence/index.ts'
import { person, verifyWithNode, type Person } from './keys.ts'
import { until } from './peers.ts'

const bytes = (name: string) => hashBytes(new TextEncoder().encode(name))
/** What a room is called on the wire. */
const roomKey = (room: string) => hex(hash('moot/room', room)).slice(0, 32)

export const SALT = bytes('input salt')
const SECRET = bytes('lot secret')
const WASM = fromHex(FIRST_CHARTER.canons[0]?.wasmSha256 ?? '')

interface Beside {
  readonly input?: { readonly salt: Uint8Array; readonly tensors: Tensors }
  readonly outputs?: readonly Tensors[]
}

/** One stream, spoken by hand: any bytes go out, and whatever comes in is kept. */
export class RawStream {
  readonly remote: PeerId
  /** How the stream ended, as its far side wished. */
  readonly ended: Promise<'closed' | 'reset'>
  readonly #channel: Channel
  readonly #who: Person
  readonly #inbox: Read[] = []
  #over = false
  #changed = Promise.withResolvers<void>()

  constructor(channel: Channel, who: Person) {
    this.#channel = channel
    this.#who = who
    this.remote = channel.remote
    this.ended = this.#pump()
  }

  /** Signs and sends a message, with anything beside it. */
  say(message: Message, beside: Beside = {}): Promise<void> {
    return this.sendSigned(this.#who.signNow(message), beside)
  }

  sendSigned(signed: Signed, beside: Beside = {}): Promise<void> {
    return this.send({ type: 'message', signed, ...beside })
  }

  send(frame: unknown): Promise<void> {
    return this.sendBytes(encode(frame))
  }

  sendBytes(frame: Uint8Array): Promise<void> {
    return this.#channel.send(frame)
  }

  /** The next message of a kind; those before it are passed over. Rejects where the stream ends first. */
  async hear<K extends MessageKind>(kind: K): Promise<Read<MessageOf<K>>> {
    for (;;) {
      const read = this.#inbox.shift()
      if (read?.message.kind === kind) return readAs(kind, read.signed)
      if (read !== undefined) continue
      if (this.#over) throw new Error(`the stream ended before a ${kind}`)
      await this.#changed.promise
    }
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  async #pump(): Promise<'closed' | 'reset'> {
    try {
      for await (const data of this.#channel.frames()) {
        const frame = decode<{ type: string; signed?: Signed }>(data)
        if (frame.signed) this.#inbox.push(readMessage(frame.signed))
        this.#wake()
      }
      return 'closed'
    } catch {
      return 'reset'
    } finally {
      this.#over = true
      this.#wake()
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}

/** A peer with a key of its own and no rules: it is present like any other, and speaks the jobs' wire by hand. */
export class Mallory {
  readonly who: Person
  readonly net: Net
  /** Streams that executors opened to its offers, in order. */
  readonly answers: RawStream[] = []
  readonly #topic: string
  #answered = Promise.withResolvers<void>()
  #offered = Promise.withResolvers<Read<MessageOf<'offer'>>>()

  constructor(who: Person, net: Net, room: string) {
    this.who = who
    this.net = net
    this.#topic = jobsTopic(roomKey(room))
    net.handle(PROTOCOL, { maxFrame: MAX_FRAME, maxStreams: 10_000 }, (channel) => {
      this.answers.push(new RawStream(channel, who))
      this.#answered.resolve()
      this.#answered = Promise.withResolvers()
    })
    net.subscribe(this.#topic, (data) => {
      const read = readMessage(decode<Signed>(data))
      if (read.message.kind !== 'offer') return
      this.#offered.resolve(readAs('offer', read.signed))
      this.#offered = Promise.withResolvers()
    })
  }

  /** The next offer that the room hears. */
  nextOffer(): Promise<Read<MessageOf<'offer'>>> {
    return this.#offered.promise
  }

  gossip(data: Uint8Array): Promise<void> {
    return this.net.publish(this.#topic, data)
  }

  /** Resolves with the answer of each peer, in their order, once all have opened a stream. */
  async answersOf(...peers: Peer[]): Promise<RawStream[]> {
    for (;;) {
      const found = peers.map((peer) => this.answers.find((stream) => stream.remote === peer.id))
      if (found.every((stream) => stream !== undefined)) return found
      await this.#answered.promise
    }
  }

  /** A stream to a requester, as an executor opens one. */
  async reach(peer: PeerId): Promise<RawStream> {
    const channel = await this.net.open(peer, PROTOCOL, { maxFrame: MAX_FRAME, addresses: [`/memory/${peer}`] })
    return new RawStream(channel, this.who)
  }

  // What an honest peer would say, to start from.

  offer(model: string, input: Tensors, change: Partial<MessageOf<'offer'>> = {}): Read<MessageOf<'offer'>> {
    return this.who.say<'offer'>({
      kind: 'offer',
      room: roomKey('story'),
      charter: cidOf(FIRST_CHARTER),
      model,
      modelSize: 1 << 20,
      input: commitToInput(SALT, input),
      replication: 1,
      engine: 'any',
      lot: hash('moot/lot-secret', SECRET),
      chain: bytes('chain'),
      attempt: 1,
      excluded: [],
      deadline: 60_000,
      addresses: [`/memory/${this.who.peer}`],
      nonce: randomBytes(32),
      ...change,
    })
  }

  ask(offer: Read<MessageOf<'offer'>>): Promise<void> {
    return this.gossip(encode(offer.signed))
  }

  award(offer: Read<MessageOf<'offer'>>, accepts: readonly Read<MessageOf<'accept'>>[]): MessageOf<'award'> {
    const job = jobIdOf(
      offer.digest,
      accepts.map((accept) => accept.digest),
    )
    return { kind: 'award', offer: offer.digest, job, secret: SECRET, accepts: accepts.map((accept) => accept.signed) }
  }

  accept(offer: Read<MessageOf<'offer'>>, change: Partial<MessageOf<'accept'>> = {}): MessageOf<'accept'> {
    const fixed = { build: 'by hand', wasm: WASM, chain: bytes('chain'), nonce: bytes('nonce') }
    return { kind: 'accept', offer: offer.digest, engine: 'cpu', ...fixed, ...change }
  }

  commit(job: Uint8Array, outputs: Tensors): MessageOf<'commit'> {
    const claim = { job, peer: this.who.peer, engine: 'cpu', outputHash: hashTensors(outputs), salt: SALT } as const
    return { kind: 'commit', job, engine: 'cpu', commitment: commitToOutput(claim) }
  }

  reveal(job: Uint8Array, outputs: Tensors, set: Uint8Array = new Uint8Array(32)): MessageOf<'reveal'> {
    return { kind: 'reveal', job, set, output: hashTensors(outputs), salt: SALT, computeMs: 1 }
  }
}

/** Mallory comes into a room of peers, who all see and link her. */
export async function letIn(room: Room, name: string, ...peers: Peer[]): Promise<Mallory> {
  const who = person(name)
  const net = room.network.peer(who.peer)
  const mallory = new Mallory(who, net, 'story')
  const components = { net, signer: who, verify: verifyWithNode, clock: systemClock, random: randomBytes }
  const present = presence({ room: roomKey('story'), epoch: Date.now() })(components)
  present.start({ engines: ['cpu'], build: 'by hand', models: [], load: 0, paused: false, watching: false })
  await net.start()
  await Promise.all(peers.map((peer) => net.connect(peer.id, [`/memory/${peer.id}`])))
  await Promise.all(
    peers.map((peer) =>
      until(peer, (view) => view.peers.some((other) => other.id === who.peer && other.path === 'direct')),
    ),
  )
  room.onClose(() => {
    void present.leave()
    return net.stop()
  })
  return mallory
}
