import { TodoError } from '#shared/todo'
import { type Answer, answerFor } from './errors.ts'

/** What a client is told of an error, also while a part of the blog is not written yet: 501, with the task and its place. */
export function answerWhileBuilding(error: unknown): Answer {
  try {
    if (error instanceof TodoError) throw error
    return answerFor(error)
  } catch (unwritten) {
    if (unwritten instanceof TodoError) return notWritten(unwritten)
    throw unwritten
  }
}

function notWritten({ message, stack = '' }: TodoError): Answer {
  const [place] = stack.replaceAll('\\', '/').match(/[\w-]+\/starter\/[^\s():]+:\d+/) ?? []
  return {
    status: 501,
    errors: { body: [message.replace(/\.$/, ''), ...(place ? [`Write it in ${place}`] : [])] },
  }
}
