/** A bare RTCDataChannel between two tabs, whose offers and answers somebody else carries. */

/** Bytes of a message: what libp2p sends at a time. */
const MESSAGE = 16 * 1024

/** Bytes on their way at which the sender waits, and at which it goes on: what fills the line and no more. */
const HIGH_WATER = 2 << 20
const LOW_WATER = 1 << 20

export class RawChannel {
  readonly #connection = new RTCPeerConnection()
  #channel = Promise.withResolvers<RTCDataChannel>()

  /** The offer to be carried to the other tab. */
  async offer(): Promise<string> {
    this.#take(this.#connection.createDataChannel('raw'))
    await this.#connection.setLocalDescription()
    return this.#description()
  }

  /** The answer to an offer. */
  async answer(offer: string): Promise<string> {
    this.#connection.ondatachannel = ({ channel }) => this.#take(channel)
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: offer })
    await this.#connection.setLocalDescription()
    return this.#description()
  }

  async accept(answer: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer })
    await this.#channel.promise
  }

  /** Sends so many bytes whenever the other side asks. */
  async serve(bytes: number): Promise<void> {
    const channel = await this.#channel.promise
    channel.bufferedAmountLowThreshold = LOW_WATER
    const message = crypto.getRandomValues(new Uint8Array(MESSAGE))
    channel.onmessage = async () => {
      for (let sent = 0; sent < bytes; sent += MESSAGE) {
        if (channel.bufferedAmount >= HIGH_WATER)
          await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }))
        channel.send(message)
      }
    }
  }

  /** Milliseconds from asking for so many bytes to the last of them. */
  async fetch(bytes: number): Promise<number> {
    const channel = await this.#channel.promise
    const { promise, resolve } = Promise.withResolvers<void>()
    let received = 0
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      received += data.byteLength
      if (received >= bytes) resolve()
    }
    const start = performance.now()
    channel.send('go')
    await promise
    return performance.now() - start
  }

  #take(channel: RTCDataChannel): void {
    channel.binaryType = 'arraybuffer'
    channel.onopen = () => this.#channel.resolve(channel)
  }

  /** With every candidate in it. */
  async #description(): Promise<string> {
    while (this.#connection.iceGatheringState !== 'complete')
      await new Promise((resolve) =>
        this.#connection.addEventListener('icegatheringstatechange', resolve, { once: true }),
      )
    return this.#connection.localDescription?.sdp ?? ''
  }
}
