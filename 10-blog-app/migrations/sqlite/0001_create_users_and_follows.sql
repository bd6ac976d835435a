-- up
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL,
  email TEXT NOT NULL,
  password TEXT NOT NULL,
  bio TEXT NOT NULL DEFAULT '',
  image TEXT NOT NULL DEFAULT '',
  CONSTRAINT uq_users_username UNIQUE (username),
  CONSTRAINT uq_users_email UNIQUE (email)
);
CREATE TABLE follows (
  follower_id INTEGER NOT NULL,
  followed_id INTEGER NOT NULL,
  CONSTRAINT pk_follows PRIMARY KEY (follower_id, followed_id),
  CONSTRAINT fk_follows_follower_id_users FOREIGN KEY (follower_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_follows_followed_id_users FOREIGN KEY (followed_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_follows_followed_id ON follows (followed_id);

-- down
-- data loss: Table 'follows' goes, with all its rows.
-- data loss: Table 'users' goes, with all its rows.
PRAGMA foreign_keys = OFF;
DROP TABLE follows;
DROP TABLE users;
PRAGMA foreign_key_check;
PRAGMA foreign_keys = ON;
