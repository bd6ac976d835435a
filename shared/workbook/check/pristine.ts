import { differingFiles, readPack, readSide } from '../pristine.ts'
import type { Stage } from '../stages.ts'
import type { Check, Course, Problem } from './course.ts'

export const pristine: Check = {
  name: 'pristine',
  promise: 'the packed starters of diff and reset equal the starters',
  find: (course) => course.stages.flatMap((stage) => stalePack(course, stage)),
}

function stalePack({ root }: Course, stage: Stage): Problem[] {
  const pack = readPack(root, stage)
  const files = differingFiles(pack, readSide(root, stage, 'starter'))
  if (files.length === 0) return []
  const where = `shared/workbook/pristine/${stage.number}.json.gz`
  const what = pack ? `differs from ${stage.folder}/starter in ${files.join(', ')}` : 'is missing'
  return [{ where, what, fix }]
}

const fix =
  'When the starter is right: npm run check -- --update-pristine. When a learner worked in it: npm run reset.'
