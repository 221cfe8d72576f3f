import { Emitter } from '../../domain/emitter.ts'
import { authorOf, signingBytes } from '../../domain/envelope.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { Net } from '../../ports/net.ts'
import type { Signer, VerifySignature } from '../../ports/signer.ts'
import * as limits from './constants.ts'
import { encodeAnnouncement, encodeSigned, readAnnouncement, type Announcement } from './messages.ts'
import { PresenceTable, type PresentPeer } from './table.ts'

export interface PresenceInit {
  readonly room: string
  /**
   * Orders this run's announcements after those of earlier runs with the same key: milliseconds since 1970 at the start
   * of this one.
   */
  readonly epoch: number
}

export interface PresenceComponents {
  readonly net: Pick<Net, 'self' | 'addresses' | 'links' | 'publish' | 'subscribe' | 'on'>
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly random: RandomBytes
}

/** What this peer tells of itself; addresses, order and the room are added. */
export type OwnPresence = Omit<Announcement, 'kind' | 'room' | 'seq' | 'addresses' | 'hello' | 'leaving'>

export interface PresenceEvents {
  /** A peer said something new of itself, or for the first time. */
  presence: PresentPeer
  /** The same, of a peer that has just come; after its `presence`. */
  hello: PresentPeer
  gone: { readonly peer: PeerId }
}

/** Who is in the room: signed announcements over gossip, a hello by whoever comes and an answer by whoever is there. */
export class PresenceProtocol extends Emitter<PresenceEvents> {
  readonly #init: PresenceInit
  readonly #components: PresenceComponents
  readonly #table = new PresenceTable()
  readonly #topic: string
  #own: OwnPresence | undefined
  #seq: number
  #startedAt = Number.NEGATIVE_INFINITY
  #verifying = 0
  #subscribers = 0
  #greeted = false
  #helloAgain = limits.HELLO_AGAIN
  #lastSaid = Number.NEGATIVE_INFINITY
  #next: { readonly at: number; readonly cancel: () => void } | undefined
  #stop: (() => void)[] = []

  constructor(init: PresenceInit, components: PresenceComponents) {
    super()
    this.#init = init
    this.#components = components
    this.#topic = limits.presenceTopic(init.room)
    this.#seq = init.epoch
  }

  /** Joins the room: says hello as soon as others can reach us. */
  start(own: OwnPresence): void {
    const { net, clock } = this.#components
    this.#own = own
    this.#startedAt = clock.now()
    this.#stop = [
      net.subscribe(this.#topic, (data) => void this.#hear(data)),
      net.on('addresses', (addresses) => {
        if (addresses.length > 0) this.#sayWithin(0)
      }),
      net.on('subscriber', ({ topic }) => {
        if (topic !== this.#topic) return
        this.#subscribers++
        // who is greeted has been heard by the room: a link more is no news to it
        if (this.#greeted) this.#sayWithin(limits.NEWNESS)
        else if (net.addresses().length > 0) this.#sayWithin(0)
      }),
    ]
    this.#sayWithin(limits.HELLO_AGAIN)
  }

  /** What the next announcement will tell, whenever that is. */
  update(own: OwnPresence): void {
    this.#own = own
  }

  /** Tells the room what has changed. */
  announce(own: OwnPresence): void {
    this.update(own)
    if (this.#stop.length > 0) this.#sayWithin(0)
  }

  list(): readonly PresentPeer[] {
    return this.#table.list()
  }

  get(peer: PeerId): PresentPeer | undefined {
    return this.#table.get(peer)
  }

  /** The number of our last announcement: what a goodbye ends. */
  get seq(): number {
    return this.#seq
  }

  /** A peer said goodbye: whatever it announced up to `seq` is over. */
  forget(peer: PeerId, seq: number): void {
    if (this.#table.remove(peer, seq)) this.emit('gone', { peer })
  }

  /** Leaves the room, and says so to whoever still hears it. */
  async leave(): Promise<void> {
    if (this.#stop.length === 0) return
    this.#end()
    await this.#publish(false, true)
  }

  #end(): void {
    for (const stop of this.#stop) stop()
    this.#stop = []
    this.#next?.cancel()
    this.#next = undefined
  }

  /** Speaks within `ms`: sooner if that was already planned, later if we spoke just now. */
  #sayWithin(ms: number): void {
    const { clock } = this.#components
    const at = Math.max(clock.now() + ms, this.#lastSaid + limits.LEAST_GAP)
    if (this.#next && this.#next.at <= at) return
    this.#next?.cancel()
    this.#next = { at, cancel: clock.after(at - clock.now(), () => void this.#say()) }
  }

  async #say(): Promise<void> {
    this.#next = undefined
    const { clock, net } = this.#components
    this.#lastSaid = clock.now()
    this.#expire()
    const alone = this.#table.list().length === 0
    const hello = !this.#greeted || alone
    if (this.#subscribers > 0 && net.addresses().length > 0) this.#greeted = true
    this.#sayWithin(alone ? this.#helloAgain : limits.ANNOUNCE_EVERY * (0.8 + 0.4 * this.#draw()))
    this.#helloAgain = alone ? Math.min(this.#helloAgain * 2, limits.ANNOUNCE_EVERY) : limits.HELLO_AGAIN
    await this.#publish(hello, false)
  }

  async #publish(hello: boolean, leaving: boolean): Promise<void> {
    const { net, signer } = this.#components
    if (!this.#own) return
    const body = encodeAnnouncement({
      ...this.#own,
      kind: 'presence',
      room: this.#init.room,
      seq: ++this.#seq,
      addresses: net.addresses().slice(0, 8),
      hello,
      leaving,
    })
    try {
      const signature = await signer.sign(signingBytes(body))
      await net.publish(this.#topic, encodeSigned({ body, key: signer.publicKey, signature }))
    } catch {
      // Nobody to tell, now: the next announcement comes by itself.
    }
  }

  /** Gossip that does not hold is dropped: its sender is unknown, so nobody is to blame. */
  async #hear(data: Uint8Array): Promise<void> {
    if (this.#verifying >= limits.MAX_VERIFYING) return
    this.#verifying++
    try {
      const { signed, announcement } = readAnnouncement(data)
      const author = authorOf(signed)
      const isNews = () => author !== this.#components.net.self && this.#table.isNews(author, announcement.seq)
      if (announcement.room !== this.#init.room || !isNews()) return
      if (await this.#components.verify(signed.key, signingBytes(signed.body), signed.signature)) {
        if (isNews()) this.#take(author, announcement)
      }
    } catch {
      // Malformed.
    } finally {
      this.#verifying--
    }
  }

  #take(author: PeerId, announcement: Announcement): void {
    if (announcement.leaving) return this.forget(author, announcement.seq)
    const now = this.#components.clock.now()
    const isStranger = !this.#table.get(author)
    const displaced = isStranger ? this.#table.makeRoom(this.#linked()) : undefined
    if (displaced !== undefined) this.emit('gone', { peer: displaced })
    const present = this.#table.heard(author, announcement, now)
    if (!present) return
    this.emit('presence', present)
    if (!announcement.hello) return
    this.emit('hello', present)
    // of two that come at the same moment, one may have missed the other's hello
    if (isStranger && now - this.#startedAt < limits.NEWNESS) this.#greeted = false
    const spread = Math.min(limits.LONGEST_ANSWER, this.#table.list().length * limits.ANSWER_SPREAD)
    if (this.#stop.length > 0) this.#sayWithin(spread * this.#draw())
  }

  #expire(): void {
    for (const peer of this.#table.expired(this.#components.clock.now(), this.#linked())) {
      if (this.#table.remove(peer)) this.emit('gone', { peer })
    }
  }

  #linked(): ReadonlySet<PeerId> {
    return new Set(this.#components.net.links().map(({ peer }) => peer))
  }

  /** 0 to 1. */
  #draw(): number {
    return (this.#components.random(1)[0] ?? 0) / 256
  }
}
