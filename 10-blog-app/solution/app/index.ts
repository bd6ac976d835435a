// The door of the application: what tests and the demo use.
export { type AppOptions, createApp } from './app.ts'
export { createPasswords, type Passwords } from './auth/passwords.ts'
export { createTokens, WeakSecretError } from './auth/tokens.ts'
export { checkIfMatch, etagOf } from './concurrency.ts'
export { answerFor, HttpError } from './errors.ts'
export { type ArticleFilter, findArticles } from './feed.ts'
export { migrateBlog, migrationsFor } from './migrate.ts'
export * as blog from './models.ts'
export { openDatabase } from './open-database.ts'
export { requestLog } from './request-log.ts'
export { addSampleData, samplePassword } from './sample-data.ts'
export * as schemas from './schemas.ts'
export {
  articleJson,
  commentJson,
  postJson,
  profileJson,
  summaryJson,
  userJson,
  type Viewing,
} from './serializers.ts'
export { ServeError, serve } from './server.ts'
export { sessionPerRequest } from './session-middleware.ts'
export { stopOnSignals } from './signals.ts'
export { slugOf, withFreeSlug } from './slugs.ts'
export { followedAmong, viewingOf } from './viewing.ts'
