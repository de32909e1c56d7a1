// Descriptions have `code` in them, and no other mark.

import { h } from '../dom.ts'

export function marked(text: string): Node[] {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? h('code', {}, part) : document.createTextNode(part)))
}
