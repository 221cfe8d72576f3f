import type { LitElement } from 'lit'

/** Finding things in a page of open shadow roots, as a person would: by what they say. */

/** Every element under a root, shadow roots included, in order. */
export function* everyElement(root: ParentNode = document): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element
    if (element.shadowRoot) yield* everyElement(element.shadowRoot)
  }
}

/** All text on the page as it is shown or read out, in order. */
export const pageText = (root: Node = document.body): string =>
  textIn(root)
    .replace(/\s+/g, ' ')
    .replace(/ ([.,:;])/g, '$1')

function textIn(node: Node): string {
  if (node instanceof Text) return node.data
  if (node instanceof HTMLSlotElement) return ''
  if (node instanceof Element && node.matches('style, script')) return ''
  const inner = [...((node instanceof Element && node.shadowRoot) || node).childNodes].map(textIn).join('')
  const own = node instanceof Element && node.shadowRoot ? [...node.childNodes].map(textIn).join('') : ''
  const inline = node instanceof Element && node.matches('em, strong, code, span, a, b, i')
  return inline ? inner + own : ` ${inner}${own} `
}

const nameOf = (element: Element): string =>
  (element.getAttribute('aria-label') ?? (element.textContent || element.closest('label')?.textContent) ?? '')
    .replace(/\s+/g, ' ')
    .trim()

/** The button or field of this name. Throws where there is none, and says what there is. */
export function control(name: string): HTMLElement {
  const controls = [...everyElement()].filter((element) => element.matches('button, input, select, textarea'))
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

/** The first element of the page that matches, shadow roots included. Throws where there is none. */
export function element<E extends Element = HTMLElement>(selector: string): E {
  for (const each of everyElement()) if (each.matches(selector)) return each as E
  throw new Error(`Nothing matches ${selector}`)
}

/** What has the focus, however deep. */
export function focused(): Element | null {
  let found = document.activeElement
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement
  return found
}
