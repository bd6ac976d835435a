// The only JavaScript of the workbook: Node 20 does not read TypeScript by itself, so somebody has to teach it first.
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api')
  const stop = register()
  const { loader } = await import('./loader.ts')
  loader.stop = stop
}

await import('./cli.ts')
