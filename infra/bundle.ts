// How the functions that compute are bundled. SST hands this to esbuild, and the bench bundles its jobs likewise.

export const bundle = {
  minify: true,
  splitting: true,
  // It has a binary for each platform.
  install: ['sharp'],
}
