import type { LitElement } from 'lit'

/** Finding things in a page of open shadow roots, as a person would: by what they say. */

/** Every element under a root, shadow roots included, in order. */
export function* everyElement(root: ParentNode = document): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element
    if (element.shadowRoot) yield* everyElement(element.shadowRoot)
  }
}

/** All text on the page, as far as it is shown or read out. */
export const pageText = (root: Element = document.body): string =>
  [root, ...everyElement(root.shadowRoot ?? root)]
    .flatMap((element) => [...(element.shadowRoot ?? element).childNodes])
    .filter((node) => node instanceof Text && !node.parentElement?.closest('style, script'))
    .map((node) => node.textContent)
    .join(' ')
    .replace(/\s+/g, ' ')

const nameOf = (element: Element): string =>
  (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()

/** The control of this name. Throws where there is none, and says what there is. */
export function control(name: string, root: ParentNode = document): HTMLElement {
  const controls = [...everyElement(root)].filter((element) => element.matches('button, a, input, select, textarea, summary'))
  const found = controls.find((element) => nameOf(element) === name)
  if (found instanceof HTMLElement) return found
  throw new Error(`No control "${name}" among: ${controls.map(nameOf).join(', ')}`)
}

/** Waits, frame by frame, until something holds. The test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(requestAnimationFrame)
}

/** Waits until an element and every element in it has rendered. */
export async function settled(element: LitElement): Promise<void> {
  await element.updateComplete
  for (const inner of everyElement(element.renderRoot as ShadowRoot))
    if ('updateComplete' in inner) await inner.updateComplete
}
