/**
 * Keeps something to one at a time among all that share this device's storage: the tabs of one browser. Resolves with the
 * way to let go, which resolves once another can have it, or with undefined where somebody has it. Whoever ends, however
 * it ends, lets go.
 */
export type Claim = (name: string) => Promise<(() => Promise<void>) | undefined>
