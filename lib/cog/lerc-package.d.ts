// What lerc 3 exports, which comes without types: https://github.com/Esri/lerc/tree/master/OtherLanguages/js

declare module 'lerc' {
  type LercSamples =
    | Uint8Array<ArrayBuffer>
    | Int8Array<ArrayBuffer>
    | Uint16Array<ArrayBuffer>
    | Int16Array<ArrayBuffer>
    | Uint32Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>
    | Float32Array<ArrayBuffer>
    | Float64Array<ArrayBuffer>
  interface LercResult {
    /** One array a band. */
    readonly pixels: readonly LercSamples[]
    /** 0 where a pixel has no value. */
    readonly mask?: Uint8Array | null
  }
  const lerc: {
    decode(
      blob: ArrayBufferLike,
      options: { readonly returnPixelInterleavedDims: boolean },
    ): LercResult
  }
  export default lerc
}
