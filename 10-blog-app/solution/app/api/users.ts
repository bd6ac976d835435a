import { currentSession } from '../../session/context.ts'
import { hashPassword, logIn, needViewer } from '../auth.ts'
import { User } from '../models.ts'
import { ChangedUser, Login, NewUser, UserAnswer } from '../schemas.ts'
import { userJson } from '../serializers.ts'
import {
  createRoute,
  createRoutes,
  failures,
  json,
  jsonBody,
  type Parts,
  security,
} from './routes.ts'

const tags = ['User and Authentication']
const user = json('The user, with a token', UserAnswer)

const register = createRoute({
  method: 'post',
  path: '/users',
  tags,
  summary: 'Register',
  request: { body: jsonBody(NewUser) },
  responses: { 201: user, ...failures },
})
const login = createRoute({
  method: 'post',
  path: '/users/login',
  tags,
  summary: 'Log in',
  request: { body: jsonBody(Login) },
  responses: { 200: user, ...failures },
})
const current = createRoute({
  method: 'get',
  path: '/user',
  tags,
  security,
  summary: 'Who am I',
  responses: { 200: user, ...failures },
})
const change = createRoute({
  method: 'put',
  path: '/user',
  tags,
  security,
  summary: 'Change myself',
  request: { body: jsonBody(ChangedUser) },
  responses: { 200: user, ...failures },
})

/** Register, log in, and the user who is logged in. */
export function usersApi({ tokens }: Parts) {
  return createRoutes()
    .openapi(register, async (c) => {
      const session = currentSession()
      const { password, ...values } = c.req.valid('json').user
      const user = new User({ ...values, password: await hashPassword(password) })
      session.add(user)
      await session.flush()
      return c.json({ user: userJson(user, await tokens.sign(user)) }, 201)
    })
    .openapi(login, async (c) => {
      const user = await logIn(currentSession(), c.req.valid('json').user)
      return c.json({ user: userJson(user, await tokens.sign(user)) }, 200)
    })
    .openapi(current, async (c) => {
      const user = await needViewer(currentSession(), tokens, c.req.header('authorization'))
      return c.json({ user: userJson(user, await tokens.sign(user)) }, 200)
    })
    .openapi(change, async (c) => {
      const session = currentSession()
      const user = await needViewer(session, tokens, c.req.header('authorization'))
      const { password, ...values } = c.req.valid('json').user
      Object.assign(user, values)
      if (password !== undefined) user.password = await hashPassword(password)
      await session.flush()
      return c.json({ user: userJson(user, await tokens.sign(user)) }, 200)
    })
}
