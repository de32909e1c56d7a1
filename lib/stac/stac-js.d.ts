// What this room uses of stac-js 0.5.5, which ships no type declarations.

declare module 'stac-js' {
  abstract class StacObject {
    readonly isItem: boolean
    readonly isCollection: boolean
    readonly isCatalog: boolean
    readonly isItemCollection: boolean
  }

  interface Reference {
    readonly href?: string
    /** Resolved against the URL of the object that holds it, and normalised. */
    getAbsoluteUrl(): string | null
  }

  interface Link extends Reference {
    readonly rel: string
    readonly method?: unknown
    readonly headers?: unknown
    readonly body?: unknown
    readonly merge?: unknown
  }

  abstract class Hypermedia extends StacObject {
    constructor(data: object, absoluteUrl?: string | null)
    getAbsoluteUrl(): string | null
    getLinksWithRels(rels: readonly string[]): Link[]
  }

  export class Catalog extends Hypermedia {}

  /** Throws for an asset, alternate or band that is not an object. Does not migrate; `create()` does. */
  export class Item extends Hypermedia {
    /** 2D; longitudes are wrapped into [-180, 180]. */
    getBoundingBox(): number[] | null
    getAsset(key: string): Reference | null
  }

  export class ItemCollection extends Hypermedia {
    static isResponse(data: unknown): data is { features: unknown[] }
    getPaginationLinks(): { next: Link | null }
    /** Union of the boxes of its features, the smaller way round the globe. */
    getBoundingBox(): number[] | null
  }
}
