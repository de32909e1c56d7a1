// Elements from code: text is always text, so that nothing a stranger wrote becomes markup.

type Child = Node | string | null | false
type Listener = (event: Event) => void
type Value = string | number | boolean | null | undefined | Listener

const SVG = 'http://www.w3.org/2000/svg'

/**
 * An element with attributes, listeners (`onclick`, …) and children. `true` sets an attribute without a value; `false`,
 * null and undefined leave it out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children)
}

/** The same for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS(SVG, tag), attributes, children)
}

function fill<Made extends Element>(
  element: Made,
  attributes: Readonly<Record<string, Value>>,
  children: readonly Child[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, String(value))
  }
  for (const child of children) if (child !== null && child !== false) element.append(child)
  return element
}

/** Replaces what an element holds. */
export function show(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== null && child !== false))
}
