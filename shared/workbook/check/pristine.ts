import { differingFiles, readPack, readSide } from '../pristine.ts'
import type { Check } from './course.ts'

export const pristine: Check = {
  name: 'pristine',
  promise: 'the packed starters of diff and reset equal the starters',
  find: ({ root, stages }) =>
    stages.flatMap((stage) =>
      differingFiles(readPack(root, stage), readSide(root, stage, 'starter')).map((file) => ({
        where: `${stage.folder}/starter/${file}`,
        what: `differs from its copy in shared/workbook/pristine/${stage.number}.json.gz`,
        fix: 'When the starter is right: npm run check -- --update-pristine. A learner’s edits: npm run reset.',
      })),
    ),
}
