// What this room uses of stac-js 0.5.5, which ships no type declarations.

declare module 'stac-js/src/hypermedia.js' {
  export interface Reference {
    readonly href?: string
    /** Resolved against the URL of the object that holds it, and normalised. */
    getAbsoluteUrl(): string | null
  }

  export interface Link extends Reference {
    readonly rel: string
    readonly method?: unknown
    readonly headers?: unknown
    readonly body?: unknown
    readonly merge?: unknown
  }

  export default abstract class Hypermedia {
    constructor(data: object, absoluteUrl?: string | null)
    readonly isItem: boolean
    readonly isCollection: boolean
    readonly isCatalog: boolean
    readonly isItemCollection: boolean
    getAbsoluteUrl(): string | null
    getLinksWithRels(rels: readonly string[]): Link[]
  }
}

declare module 'stac-js/src/catalog.js' {
  import type Hypermedia from 'stac-js/src/hypermedia.js'

  export default class Catalog extends Hypermedia {}
}

declare module 'stac-js/src/item.js' {
  import type { default as Hypermedia, Reference } from 'stac-js/src/hypermedia.js'

  /** Throws for an asset, alternate or band that is not an object. Does not migrate; `create()` does. */
  export default class Item extends Hypermedia {
    /** 2D; longitudes are wrapped into [-180, 180]. */
    getBoundingBox(): number[] | null
    getAsset(key: string): Reference | null
  }
}

declare module 'stac-js/src/itemcollection.js' {
  import type { default as Hypermedia, Link } from 'stac-js/src/hypermedia.js'

  export default class ItemCollection extends Hypermedia {
    static isResponse(data: unknown): data is { features: unknown[] }
    getPaginationLinks(): { next: Link | null }
    /** Union of the boxes of its features, the smaller way round the globe. */
    getBoundingBox(): number[] | null
  }
}
