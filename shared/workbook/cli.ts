const commands = {
  start: () => import('./start.ts'),
  test: () => import('./test.ts'),
  hint: () => import('./hint.ts'),
  diff: () => import('./diff.ts'),
  reset: () => import('./reset.ts'),
  teach: () => import('./teach.ts'),
  grade: () => import('./grade.ts'),
  doctor: () => import('./doctor.ts'),
  check: () => import('./check.ts'),
  carry: () => import('./carry.ts'),
  bench: () => import('./bench.ts'),
  edges: () => import('./edges.ts'),
  story: () => import('./story.ts'),
  record: () => import('./record.ts'),
}

const [name = '', ...argv] = process.argv.slice(2)
const load = commands[name as keyof typeof commands]
if (!load) {
  console.error(`There is no command "${name}". Commands: ${Object.keys(commands).join(', ')}.`)
  process.exitCode = 2
} else {
  const { main } = await load()
  process.exitCode = await main(argv)
}
