import { relative, sep } from 'node:path'
import { heading, shownPath, taskLink, taskNumber } from './link.ts'
import { root } from './root.ts'
import { framesOf } from './run/frames.ts'
import { stages } from './stages.ts'

// Loaded before a demo. A demo that meets a task that is not written yet has not failed: it has come as far as the learner.
process.on('uncaughtException', (error: Error & { readonly code?: unknown }) => {
  const isWrongUse = String(error?.code).startsWith('ERR_PARSE_ARGS_')
  if (isWrongUse) console.error(`${error.message}.`)
  else console.error(error?.name === 'TodoError' ? notYet(error) : error)
  process.exit(isWrongUse ? 2 : 1)
})

function notYet(error: Error): string {
  const frame = framesOf(error)[0]
  const folder = frame && relative(root, frame.file).split(sep)[0]
  const stage = stages.find((one) => one.folder === folder)
  const task = stage?.tasks.find((one) => error.message.startsWith(`${heading(one)} `))
  return [
    '',
    `The demo stops here: ${error.message}`,
    ...(stage && task ? [`  read  ${taskLink(stage, task)}`] : []),
    ...(frame ? [`  edit  ${shownPath(frame.file)}:${frame.line}`] : []),
    ...(stage ? [`  run   npm test -- ${task ? taskNumber(stage, task) : stage.number}`] : []),
    ...(stage ? [`  see   npm start -- ${stage.number} --solution  the finished thing`] : []),
  ].join('\n')
}
