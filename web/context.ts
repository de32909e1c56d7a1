// What every part of the page is given: the state, the map's events, what the server is, scenes seen in this tab.

import type { Health, NdviReply, TileJson } from './replies.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

export interface Result {
  /** What the state calls its scene. */
  readonly name: string
  readonly reply: NdviReply
  /** Where the tiles of its COG are; null where they cannot be had, for the reason beside it. */
  readonly tiles: TileJson | null
  readonly noTiles: string | null
  /** How its tiles are drawn. */
  readonly colormap: string
  readonly rescale: string
  /** The body of the request that it answers. */
  readonly request: Readonly<Record<string, unknown>>
}

/** What lies on the map at a place. */
export interface Picture {
  readonly root: string
  readonly tiles: TileJson
}

/** How values of a picture are drawn. */
export interface Colours {
  /** What the values are. */
  readonly title: string
  readonly colormap: string
  readonly rescale: string
}

/** A kept result, as it lies on the map. */
export interface Preview extends Picture, Colours {}

export interface Context {
  readonly store: Store
  /** What was answered for the shown scene. */
  readonly result: () => Result | null
  /** The scene on the other side of the swipe. */
  readonly other: () => Result | null
  readonly health: () => Health | null
  /** Waits until it is told what the server is, or that it does not tell. */
  readonly known: () => Promise<void>
  /** Asks for the scene of the state again. */
  readonly compute: () => void
  /**
   * Lays the tiles of a kept result on the map, without asking for its scene.
   *
   * @throws {ApiProblem} where there are none
   */
  readonly preview: (root: string, colours: Colours) => Promise<void>
  readonly draw: (kind: 'box' | 'polygon') => void
  /** Whether this caller may have jobs, publish and make fingerprints. */
  readonly mayWork: () => boolean
  /** Opens the place where the token is typed. */
  readonly askToken: () => void
}

/** A panel draws itself anew whenever something that it shows changes. */
export interface Panel {
  readonly element: HTMLElement
  readonly update: (state: State, before: State | null) => void
}
