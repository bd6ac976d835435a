import { testSideBySide } from './side-by-side.ts'

testSideBySide('four processes on one database', { processes: 4, level: 'read committed' })

testSideBySide('two processes on one database, serializable', {
  processes: 2,
  level: 'serializable',
})
